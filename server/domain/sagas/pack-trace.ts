import { NameTable, type PackedTable, TableWriter } from "./pack-columns.ts";
import type { Gap, Span, Trace } from "./trace.ts";

export const PACKED_VERSION = 1;

const TABLES = ["services", "events", "gaps", "messages", "spans", "steps", "compensations"] as const;

/** A trace as tables of columns: many times smaller than its objects, and read in one pass. */
export type PackedTrace = {
  version: typeof PACKED_VERSION;
  startUs: number;
  endUs: number;
  basis: Trace["basis"];
  channels: string[];
  mediators: string[];
  /** What columns of names point into. */
  names: string[];
  /** Ids of the events, in their order, and behind them those of causes that the trace doesn't hold. */
  ids: string[];
  tables: Record<(typeof TABLES)[number], PackedTable>;
};

/** Packs a trace for the way to who draws it; `unpackTrace` gives the same one back. */
export function packTrace(trace: Trace): PackedTrace {
  const names = new NameTable();
  const { ids, refer } = listIds(trace);
  const { startUs, endUs, basis, channels, mediators } = trace;
  const tables = {
    services: packServices(trace, names),
    events: packEvents(trace, names, refer),
    gaps: packGaps(trace, names),
    messages: packMessages(trace, names),
    spans: packSpans(trace, names),
    steps: packSteps(trace, names),
    compensations: packCompensations(trace, names),
  };
  return {
    version: PACKED_VERSION,
    startUs,
    endUs,
    basis,
    channels,
    mediators,
    names: names.all,
    ids,
    tables,
  };
}

function listIds({ events }: Trace): { ids: string[]; refer: (id: string | null) => number | null } {
  const ids = events.map(({ id }) => id);
  const indexes = new Map<string, number>();
  for (const [index, id] of ids.entries()) if (!indexes.has(id)) indexes.set(id, index);
  const refer = (id: string | null) => {
    if (id === null) return null;
    const index = indexes.get(id) ?? ids.push(id) - 1;
    indexes.set(id, index);
    return index;
  };
  return { ids, refer };
}

function packServices({ services }: Trace, names: NameTable): PackedTable {
  return new TableWriter(services, names).names("id", ({ id }) => id).names("name", ({ name }) => name)
    .packed;
}

function packEvents(
  { events }: Trace,
  names: NameTable,
  refer: (id: string | null) => number | null,
): PackedTable {
  return new TableWriter(events, names)
    .numbers("position", ({ position }) => Number(position))
    .names("source", ({ source }) => source)
    .names("type", ({ type }) => type)
    .names("kind", ({ kind }) => kind)
    .names("subject", ({ subject }) => subject)
    .names("channel", ({ channel }) => channel)
    .names("correlation", ({ correlationId }) => correlationId)
    .numbers("causation", ({ causationId }) => refer(causationId))
    .texts("traceparent", ({ traceparent }) => traceparent)
    .numbers("time", ({ timeUs }) => timeUs)
    .names("service", ({ service }) => service)
    .numbers("at", ({ atUs }) => atUs)
    .numbers("cause", ({ cause }) => cause)
    .numbers("depth", ({ depth }) => depth).packed;
}

function packGaps({ gaps }: Trace, names: NameTable): PackedTable {
  return new TableWriter<Gap>(gaps, names)
    .names("kind", ({ kind }) => kind)
    .numbers("event", ({ event }) => event)
    .names("against", (gap) => (gap.kind === "clock-skew" ? gap.against : null))
    .numbers("by", (gap) => ("byUs" in gap ? gap.byUs : null)).packed;
}

function packMessages({ messages }: Trace, names: NameTable): PackedTable {
  return new TableWriter(messages, names)
    .numbers("event", ({ event }) => event)
    .names("from", ({ from }) => from)
    .names("to", ({ to }) => to)
    .names("consumer", ({ consumer }) => consumer)
    .names("status", ({ status }) => status)
    .numbers("generation", ({ generation }) => generation)
    .numbers("attempts", ({ attempts }) => attempts)
    .numbers("failures", ({ failures }) => failures)
    .numbers("sent", ({ sentUs }) => sentUs)
    .numbers("started", ({ startedUs }) => startedUs)
    .numbers("ended", ({ endedUs }) => endedUs)
    .numbers("nextAttempt", ({ nextAttemptUs }) => nextAttemptUs)
    .lists("effects", ({ effects }) => effects).packed;
}

function packSpans({ spans }: Trace, names: NameTable): PackedTable {
  const workOf = (span: Span) => (span.kind === "work" ? span : null);
  return new TableWriter<Span>(spans, names)
    .numbers("message", ({ message }) => message)
    .numbers("generation", ({ generation }) => generation)
    .numbers("start", ({ startUs }) => startUs)
    .numbers("length", ({ startUs, endUs }) => (endUs === null ? null : endUs - startUs))
    .names("reason", (span) => (span.kind === "wait" ? span.reason : null))
    .numbers("attempt", (span) => workOf(span)?.attempt ?? null)
    .names("outcome", (span) => workOf(span)?.outcome ?? null)
    .names("error", (span) => workOf(span)?.error?.name ?? null)
    .names("errorMessage", (span) => workOf(span)?.error?.message ?? null).packed;
}

function packSteps({ steps }: Trace, names: NameTable): PackedTable {
  return new TableWriter(steps, names)
    .names("key", ({ key }) => key)
    .names("name", ({ name }) => name)
    .names("service", ({ service }) => service)
    .names("state", ({ state }) => state)
    .numbers("isTold", ({ isTold }) => Number(isTold))
    .numbers("started", ({ startedUs }) => startedUs)
    .numbers("ended", ({ endedUs }) => endedUs)
    .lists("asked", ({ asked }) => asked)
    .lists("answers", ({ answers }) => answers)
    .lists("messages", ({ messages }) => messages)
    .numbers("after", ({ after }) => after)
    .names("undoes", ({ undoes }) => undoes).packed;
}

function packCompensations({ compensations }: Trace, names: NameTable): PackedTable {
  return new TableWriter(compensations, names)
    .numbers("step", ({ step }) => step)
    .numbers("undoes", ({ undoes }) => undoes)
    .numbers("confidence", ({ confidence }) => confidence)
    .nameLists("signals", ({ signals }) => signals).packed;
}
