import type { DeliveryStatus } from "#server/domain/delivery.ts";
import { indexSpans } from "#server/domain/sagas/index-spans.ts";
import type { Lifeline, Sequence, SequenceArrow } from "#server/domain/sagas/sequence.ts";
import type { AttemptOutcome, Trace } from "#server/domain/sagas/trace.ts";

/** How a person wants to see a diagram. Lifelines are named by `lifelineKey`, arrows by the keys of their rows. */
export type SequenceView = {
  hasChannels: boolean;
  /** The lifelines that were moved, in their order; all others stand behind them as they appear. */
  order: readonly string[];
  hidden: readonly string[];
  unfolded: ReadonlySet<string>;
};

/** A lifeline that is drawn. */
export type Column = Lifeline & { key: string };

type RowBase = {
  key: string;
  arrow: SequenceArrow;
  /** Columns. */
  from: number;
  to: number | null;
  atUs: number;
};

/** An arrow, or one of the repetitions that were folded into the arrow above it. */
export type SequenceRow =
  | (RowBase & { kind: "arrow"; times: number; isUnfolded: boolean })
  | (RowBase & { kind: "again"; nth: number; event: number })
  | (RowBase & {
      kind: "attempt";
      /** Its index among the spans of the trace. */
      span: number;
      nth: number;
      generation: number;
      outcome: AttemptOutcome;
      error: { name: string; message: string } | null;
      tookUs: number | null;
    });

export type SequencePicture = {
  columns: Column[];
  rows: SequenceRow[];
  /** Messages that are in the picture, and those that are not because a lifeline is hidden. */
  shown: number;
  hidden: number;
};

export function lifelineKey({ kind, name }: Lifeline): string {
  return `${kind} ${name}`;
}

/** A sequence as it is drawn: which lifelines stand beside each other, and a row for everything that is seen. */
export function toSequencePicture(trace: Trace, whole: Sequence, view: SequenceView): SequencePicture {
  const { lifelines, arrows } = view.hasChannels ? whole : withoutChannels(whole);
  const columns = toColumns(lifelines, view);
  const places = new Map(columns.map(({ key }, index) => [key, index]));
  const placeOf = (lifeline: number | null) => {
    const known = lifeline === null ? undefined : lifelines[lifeline];
    return known === undefined ? undefined : places.get(lifelineKey(known));
  };
  const spans = view.unfolded.size === 0 ? [] : indexSpans(trace);
  const rows: SequenceRow[] = [];
  let [shown, hidden] = [0, 0];
  for (const arrow of arrows) {
    const [from, to] = [placeOf(arrow.from), placeOf(arrow.to)];
    if (from === undefined || (arrow.to !== null && to === undefined)) {
      hidden += arrow.messages.length;
      continue;
    }
    shown += arrow.messages.length;
    const key = `${arrow.kind}/${arrow.events[0]}/${arrow.messages[0] ?? ""}`;
    const times = Math.max(arrow.events.length, arrow.attempts);
    const base = { arrow, from, to: to ?? null };
    const isUnfolded = times > 1 && view.unfolded.has(key);
    rows.push({ ...base, kind: "arrow", key, times, isUnfolded, atUs: momentOf(trace, arrow) });
    if (isUnfolded) rows.push(...unfold(trace, { ...base, key }, spans));
  }
  return { columns, rows, shown, hidden };
}

function toColumns(
  lifelines: readonly Lifeline[],
  { order, hidden }: Pick<SequenceView, "order" | "hidden">,
): Column[] {
  const rank = new Map(order.map((key, index) => [key, index]));
  const last = order.length;
  return lifelines
    .flatMap((lifeline): Column[] => {
      const key = lifelineKey(lifeline);
      return hidden.includes(key) ? [] : [{ ...lifeline, key }];
    })
    .sort((a, b) => (rank.get(a.key) ?? last) - (rank.get(b.key) ?? last));
}

/**
 * The order of all lifelines after one of them has changed places with the next one that is drawn, `delta` places to
 * the right.
 */
export function moveLifeline(
  lifelines: readonly Lifeline[],
  columns: readonly Column[],
  { order }: Pick<SequenceView, "order">,
  { key, delta }: { key: string; delta: -1 | 1 },
): string[] {
  const all = toColumns(lifelines, { order, hidden: [] }).map((column) => column.key);
  const neighbour = columns[columns.findIndex((column) => column.key === key) + delta]?.key;
  if (neighbour === undefined) return all;
  const others = all.filter((one) => one !== key);
  others.splice(others.indexOf(neighbour) + (delta === 1 ? 1 : 0), 0, key);
  return others;
}

/** The same messages straight from service to service. */
function withoutChannels({ lifelines, arrows }: Sequence): Sequence {
  const kept = lifelines.flatMap((lifeline, index) =>
    lifeline.kind === "service" ? [{ lifeline, index }] : [],
  );
  const moved = new Map(kept.map(({ index }, place) => [index, place]));
  const producers = new Map<number, number>();
  for (const { kind, from, events } of arrows) {
    if (kind === "publish") for (const event of events) producers.set(event, from);
  }
  const straight = arrows.flatMap((arrow): SequenceArrow[] => {
    const isThrough = arrow.kind === "deliver";
    // What was published and given to somebody is drawn by its deliveries.
    if (arrow.kind === "publish" && arrow.messages.length === 0) return [];
    const from = moved.get(isThrough ? (producers.get(arrow.events[0] ?? -1) ?? -1) : arrow.from);
    if (from === undefined) return [];
    const isUnheard = arrow.kind === "publish" || arrow.to === null;
    const to = isUnheard || arrow.to === null ? null : (moved.get(arrow.to) ?? null);
    return [{ ...arrow, from, to, kind: to === null ? "unheard" : "send" }];
  });
  return { lifelines: kept.map(({ lifeline }) => lifeline), arrows: straight };
}

/** When it arrived; what a channel took, when it was sent. */
function momentOf(
  { events, messages, startUs }: Trace,
  { kind, events: sent, messages: ways }: SequenceArrow,
) {
  const message = messages[ways[0] ?? -1];
  const arrivedUs = kind === "publish" ? null : (message?.startedUs ?? message?.sentUs ?? null);
  return arrivedUs ?? events[sent[0] ?? -1]?.atUs ?? startUs;
}

/** What was sent again, event by event; else what was tried again, attempt by attempt. */
function unfold(
  trace: Trace,
  base: Pick<RowBase, "key" | "arrow" | "from" | "to">,
  spans: readonly (readonly number[])[],
): SequenceRow[] {
  const { arrow, key } = base;
  if (arrow.events.length > 1) {
    return arrow.events.map((event, index) => ({
      ...base,
      kind: "again",
      key: `${key}/again/${event}`,
      nth: index + 1,
      event,
      atUs: trace.events[event]?.atUs ?? trace.startUs,
    }));
  }
  return arrow.messages.flatMap((message) =>
    (spans[message] ?? []).flatMap((index): SequenceRow[] => {
      const span = trace.spans[index];
      if (span?.kind !== "work") return [];
      const { generation, attempt, outcome, error, startUs, endUs } = span;
      return [
        {
          ...base,
          kind: "attempt",
          key: `${key}/attempt/${index}`,
          span: index,
          nth: attempt,
          generation,
          outcome,
          error,
          atUs: startUs,
          tookUs: endUs === null ? null : endUs - startUs,
        },
      ];
    }),
  );
}

/** How an arrow ends, which tells what became of the message, or of one attempt at it. */
export type ArrowEnd = "arrived" | "owed" | "dead" | "failed" | "discarded" | "unheard";

const ENDS: Record<DeliveryStatus, ArrowEnd> = {
  pending: "owed",
  processing: "owed",
  retrying: "owed",
  succeeded: "arrived",
  dead: "dead",
  discarded: "discarded",
};

export function endOf(row: SequenceRow): ArrowEnd {
  if (row.kind === "attempt") return ATTEMPT_ENDS[row.outcome];
  const { arrow, to } = row;
  if (to === null || (arrow.kind === "publish" && arrow.messages.length > 0)) return "unheard";
  return arrow.status === null ? "arrived" : ENDS[arrow.status];
}

const ATTEMPT_ENDS: Record<AttemptOutcome, ArrowEnd> = {
  running: "owed",
  succeeded: "arrived",
  failed: "failed",
  "timed-out": "failed",
  interrupted: "failed",
};
