import { findCycles } from "./cycle.ts";
import { findFanOutBottlenecks } from "./fan-out-bottleneck.ts";
import { type Finding, SEVERITIES } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { findHotKeys } from "./hot-key.ts";
import { findIdOnly } from "./id-only-calls-back.ts";
import { findMediatorsOfEverything } from "./mediator-of-everything.ts";
import { findMissingCorrelation } from "./missing-correlation.ts";
import { findNeverReceives } from "./never-receives.ts";
import { findNoDeadLetters } from "./no-dead-letters.ts";
import { findNobodyConsumes } from "./nobody-consumes.ts";
import { findRequestReply } from "./request-reply-as-events.ts";
import { findTopicsAsCommands } from "./topic-as-command.ts";
import { findUnboundedRetries } from "./unbounded-retries.ts";
import { findVersionSkew } from "./version-skew.ts";

const FINDERS = [
  findRequestReply,
  findNobodyConsumes,
  findNeverReceives,
  findCycles,
  findFanOutBottlenecks,
  findMediatorsOfEverything,
  findHotKeys,
  findTopicsAsCommands,
  findIdOnly,
  findNoDeadLetters,
  findUnboundedRetries,
  findVersionSkew,
  findMissingCorrelation,
];

/** Everything that departs from what one would want in a window, most harmful first. */
export function findFindings(input: FindingInput): Finding[] {
  return FINDERS.flatMap((find) => find(input)).toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  );
}
