import { DELIVERY_STATUSES } from "../delivery.ts";
import { EVENT_KINDS } from "../event.ts";
import { PACKED_VERSION } from "./pack-trace.ts";
import {
  ATTEMPT_OUTCOMES,
  COMPENSATION_SIGNALS,
  type Compensation,
  type Gap,
  type Span,
  STEP_STATES,
  TRACE_BASES,
  type Trace,
  type TraceEvent,
  type TraceMessage,
  type TraceService,
  type TraceStep,
} from "./trace.ts";
import { readRecord, readTexts, TableReader } from "./unpack-columns.ts";

const GAP_KINDS = [
  "no-causation-id",
  "cause-not-in-flow",
  "causation-circle",
  "recorded-before-cause",
  "clock-skew",
] as const;
const SKEWED = ["cause", "recording", "attempt"] as const;
const WAITS = ["queued", "retry", "dead"] as const;

/** Reads what `packTrace` wrote, or says what of it can't be read. */
export function unpackTrace(packed: unknown): Trace {
  const { version, startUs, endUs, basis, channels, mediators, ...rest } = readRecord(packed, "content");
  if (version !== PACKED_VERSION) {
    throw new Error(`The trace is packed in version ${version}, not ${PACKED_VERSION}. Reload the page.`);
  }
  const known = TRACE_BASES.find((one) => one === basis);
  if (typeof startUs !== "number" || typeof endUs !== "number" || known === undefined) {
    throw new Error("The packed trace has no beginning, no end or no basis.");
  }
  const names = readTexts(rest.names, "names");
  const tables = readRecord(rest.tables, "tables");
  const table = (name: string) => new TableReader(tables[name], name, names);
  return {
    startUs,
    endUs,
    services: readServices(table("services")),
    channels: readTexts(channels, "channels"),
    events: readEvents(table("events"), readTexts(rest.ids, "ids")),
    gaps: readGaps(table("gaps")),
    messages: readMessages(table("messages")),
    spans: readSpans(table("spans")),
    basis: known,
    mediators: readTexts(mediators, "mediators"),
    steps: readSteps(table("steps")),
    compensations: readCompensations(table("compensations")),
  };
}

function readServices(table: TableReader): TraceService[] {
  const names = table.words("name");
  return table.words("id").map((id, row) => ({ id, name: at(names, row) }));
}

function readEvents(table: TableReader, ids: readonly string[]): TraceEvent[] {
  const [source, type, service] = [table.words("source"), table.words("type"), table.words("service")];
  const [subject, channel] = [table.names("subject"), table.names("channel")];
  const [correlation, traceparent] = [table.names("correlation"), table.texts("traceparent")];
  const [causation, cause] = [table.numbers("causation"), table.numbers("cause")];
  const [time, recorded, depth] = [table.numbers("time"), table.counts("at"), table.counts("depth")];
  const kind = table.options("kind", EVENT_KINDS);
  return table.counts("position").map((position, row) => {
    const causedBy = at(causation, row);
    return {
      position: String(position),
      id: at(ids, row),
      source: at(source, row),
      type: at(type, row),
      kind: at(kind, row),
      subject: at(subject, row),
      channel: at(channel, row),
      correlationId: at(correlation, row),
      causationId: causedBy === null ? null : at(ids, causedBy),
      traceparent: at(traceparent, row),
      timeUs: at(time, row),
      service: at(service, row),
      atUs: at(recorded, row),
      cause: at(cause, row),
      depth: at(depth, row),
    };
  });
}

function readGaps(table: TableReader): Gap[] {
  const [event, by, against] = [table.counts("event"), table.numbers("by"), table.options("against", SKEWED)];
  return table.choices("kind", GAP_KINDS).map((kind, row): Gap => {
    const place = { event: at(event, row) };
    if (kind !== "recorded-before-cause" && kind !== "clock-skew") return { kind, ...place };
    const byUs = present(at(by, row), "gaps.by");
    if (kind === "recorded-before-cause") return { kind, ...place, byUs };
    return { kind, ...place, against: present(at(against, row), "gaps.against"), byUs };
  });
}

function readMessages(table: TableReader): TraceMessage[] {
  const [from, to, consumer] = [table.words("from"), table.names("to"), table.names("consumer")];
  const [status, generation] = [table.options("status", DELIVERY_STATUSES), table.counts("generation")];
  const [attempts, failures] = [table.counts("attempts"), table.counts("failures")];
  const [sent, started, ended] = [table.counts("sent"), table.numbers("started"), table.numbers("ended")];
  const [nextAttempt, effects] = [table.numbers("nextAttempt"), table.lists("effects")];
  return table.counts("event").map((event, row) => ({
    event,
    from: at(from, row),
    to: at(to, row),
    consumer: at(consumer, row),
    status: at(status, row),
    generation: at(generation, row),
    attempts: at(attempts, row),
    failures: at(failures, row),
    sentUs: at(sent, row),
    startedUs: at(started, row),
    endedUs: at(ended, row),
    nextAttemptUs: at(nextAttempt, row),
    effects: at(effects, row),
  }));
}

function readSpans(table: TableReader): Span[] {
  const [generation, start] = [table.counts("generation"), table.counts("start")];
  const [length, attempt] = [table.numbers("length"), table.numbers("attempt")];
  const [reason, outcome] = [table.options("reason", WAITS), table.options("outcome", ATTEMPT_OUTCOMES)];
  const [error, errorMessage] = [table.names("error"), table.names("errorMessage")];
  return table.counts("message").map((message, row): Span => {
    const [startUs, lengthUs, name] = [at(start, row), at(length, row), at(error, row)];
    const endUs = lengthUs === null ? null : startUs + lengthUs;
    const stretch = { message, generation: at(generation, row), startUs, endUs };
    const waitedFor = at(reason, row);
    if (waitedFor !== null) return { ...stretch, kind: "wait", reason: waitedFor };
    return {
      ...stretch,
      kind: "work",
      attempt: present(at(attempt, row), "spans.attempt"),
      outcome: present(at(outcome, row), "spans.outcome"),
      error: name === null ? null : { name, message: present(at(errorMessage, row), "spans.errorMessage") },
    };
  });
}

function readSteps(table: TableReader): TraceStep[] {
  const [name, service] = [table.words("name"), table.names("service")];
  const [state, isTold] = [table.choices("state", STEP_STATES), table.counts("isTold")];
  const [started, ended] = [table.numbers("started"), table.numbers("ended")];
  const [asked, answers] = [table.lists("asked"), table.lists("answers")];
  const [messages, after, undoes] = [table.lists("messages"), table.numbers("after"), table.names("undoes")];
  return table.words("key").map((key, row) => ({
    key,
    name: at(name, row),
    service: at(service, row),
    state: at(state, row),
    isTold: at(isTold, row) === 1,
    startedUs: at(started, row),
    endedUs: at(ended, row),
    asked: at(asked, row),
    answers: at(answers, row),
    messages: at(messages, row),
    after: at(after, row),
    undoes: at(undoes, row),
  }));
}

function readCompensations(table: TableReader): Compensation[] {
  const [undoes, confidence] = [table.counts("undoes"), table.counts("confidence")];
  const signals = table.nameLists("signals");
  return table.counts("step").map((step, row) => ({
    step,
    undoes: at(undoes, row),
    confidence: at(confidence, row),
    signals: at(signals, row).map((signal) =>
      present(COMPENSATION_SIGNALS.find((one) => one === signal) ?? null, "compensations.signals"),
    ),
  }));
}

function at<T>(column: readonly T[], row: number): T {
  const value = column[row];
  if (value === undefined) throw new Error("A column of the packed trace is shorter than its table.");
  return value;
}

function present<T>(value: T | null, place: string): T {
  if (value === null) throw new Error(`${place} of the packed trace can't be read.`);
  return value;
}
