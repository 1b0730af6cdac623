import type { Context } from "#server/platform/context.ts";
import type { SpanSink } from "#server/platform/spans.ts";
import { AttemptMeter } from "../bus/attempt-meter.ts";
import { IngestMeter } from "../ingest/ingest-meter.ts";
import { StepMeter } from "../sagas/step-meter.ts";
import { EventLoopMeter } from "./event-loop-meter.ts";
import { SystemSampler, type SystemSamples } from "./sample-system.ts";

/** What this process counts of its own work, and what it last saw of the system. */
export class Meters {
  readonly ingest = new IngestMeter();
  readonly attempts = new AttemptMeter();
  readonly sagaSteps = new StepMeter();
  readonly eventLoop = new EventLoopMeter();
  /** Browsers and programs that follow the live tail; asked when somebody wants to know. */
  countLiveClients: () => number = () => 0;
  /** Where spans of this process go; null where they go nowhere. */
  spans: SpanSink | null = null;
  #system: SystemSampler | null = null;

  /** Has spans of this process's work go somewhere. */
  sendSpans(spans: SpanSink): void {
    this.spans = spans;
    this.ingest.spans = spans;
    this.attempts.spans = spans;
  }

  /** The system as it was at most a second ago; whoever asks at a time shares one look. */
  sampleSystem(ctx: Pick<Context, "sql" | "names" | "clock">): Promise<SystemSamples> {
    this.#system ??= new SystemSampler(ctx);
    return this.#system.read();
  }
}
