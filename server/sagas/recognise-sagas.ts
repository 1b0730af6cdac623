import { setImmediate as breathe } from "node:timers/promises";
import type { SqlTx } from "#drizzle/db.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  claimSagaPositions,
  findChunkEnd,
  listNewLetters,
  moveSagaPositions,
} from "#drizzle/queries/saga-recognising.ts";
import { postponeSagas } from "#drizzle/queries/saga-writing.ts";
import {
  countBegun,
  listDueFlows,
  listReleased,
  listSagasOfFlows,
  listTakenBack,
  lookAgain,
  proveSagaTypes,
} from "#drizzle/queries/sagas.ts";
import { SAGAS_TOPIC } from "#server/contract/sagas.ts";
import type { Correlation } from "#server/domain/sagas/correlate.ts";
import type { Context } from "#server/platform/context.ts";
import { collectFlowsOf, collectTouched, type TouchedFlow, toFlow, toFlowRow } from "./collect-flows.ts";
import { DullFlows } from "./dull-flows.ts";
import { loadRuns } from "./flow-runs.ts";
import { type FlowSaga, readFlowSagas } from "./flow-sagas.ts";
import { loadFlows } from "./load-flows.ts";
import { MediationCache } from "./mediation-cache.ts";
import { beginningOf } from "./mediations.ts";
import { NormCache } from "./norm-cache.ts";
import { listPathRules } from "./path-rules.ts";
import type { EndedSaga } from "./record-steps.ts";
import { followServices, KnowledgeCache, type SagaKnowledge } from "./saga-knowledge.ts";
import { StepMeter } from "./step-meter.ts";
import { type KnownSaga, writeSagas } from "./write-sagas.ts";

type Ctx = Pick<Context, "sql" | "names" | "clock" | "processes">;

export type RecogniseLimits = {
  /** New events that one round looks at. */
  events: number;
  /** Sagas without new events. */
  due: number;
  letters: number;
  /** Sagas that a dead letter held up, or was given up in. */
  held: number;
  /** Flows that are read at once. */
  flows: number;
};

const LIMITS: RecogniseLimits = { events: 4_000, due: 500, letters: 1_000, held: 1_000, flows: 200 };
/** So many flows must have begun before their type can be known as one of sagas. */
const LEAST_BEGUN = 20;
/** A larger flow is read less often. */
const LARGE_FLOW = 200;
const LEAST_REST_US = 2_000_000;
const REST_US_PER_EVENT = 10_000;
/** The event loop is not held for longer. */
const SLICE_MS = 8;
/** Sagas that are read anew when services are found to be one, or to mediate. That mostly happens while a system is new. */
const RECENT = { lastMinutes: 60, limit: 5_000 };
const HINT_EVERY_MS = 300;
/** After looking whether dead letters still hold sagas up, so many times as long nobody does. */
const HELD_REST = 10;

/**
 * Recognises sagas from what is recorded, one round at a time. Several processes may do this: the checkpoint's row lock
 * lets one work at a time, and all that a round finds out is written together with the checkpoint. What is kept here
 * between rounds only saves work.
 */
export class SagaRecogniser {
  readonly #ctx: Ctx;
  readonly #limits: RecogniseLimits;
  readonly #knowledge: KnowledgeCache;
  readonly #mediations: MediationCache;
  readonly #norms: NormCache;
  readonly #dull = new DullFlows();
  readonly #steps: StepMeter;
  /** Sagas that have ended, by what is written and not committed yet. */
  #ended: EndedSaga[] = [];
  /** What was known of services when sagas were read last. */
  #links: string | null = null;
  /** Until then nobody looks whether dead letters still hold sagas up. */
  #heldRestUntilMs = -Infinity;
  /** Up to there, sagas in which a dead letter was given up were looked after. */
  #givenUpAfter = "-1";
  #isHintDue = false;
  #hintedMs = -Infinity;

  constructor(ctx: Ctx, limits: Partial<RecogniseLimits> = {}, steps = new StepMeter()) {
    this.#steps = steps;
    this.#ctx = ctx;
    this.#limits = { ...LIMITS, ...limits };
    this.#knowledge = new KnowledgeCache(ctx);
    this.#mediations = new MediationCache(ctx);
    this.#norms = new NormCache(ctx.clock);
  }

  /** @returns whether there is more to look at, at once. */
  async recogniseOnce(): Promise<boolean> {
    const { sql } = this.#ctx;
    const knowledge = await this.#knowledge.load();
    const safe = await getSafePosition(sql);
    this.#ended = [];
    const done = await sql.begin((tx) => this.#recognise(tx, knowledge, safe));
    if (done === null) return false;
    for (const { saga, map } of this.#ended) this.#steps.note(saga, map);
    this.#links = knowledge.links;
    this.#isHintDue ||= done.changed;
    await this.#hint();
    return done.isMore;
  }

  async #recognise(
    tx: SqlTx,
    knowledge: SagaKnowledge,
    safe: string,
  ): Promise<{ isMore: boolean; changed: boolean } | null> {
    const { events, due, letters: maxLetters, held } = this.#limits;
    const at = await claimSagaPositions(tx);
    if (at === null) return null;
    const isNew = Number(at.position) < Number(safe);
    const range = { after: at.position, upTo: safe };
    const end = isNew ? await findChunkEnd(tx, { ...range, limit: events }) : null;
    const upTo = end ?? (isNew ? safe : at.position);
    const fresh = { after: at.position, upTo };
    const paths = await listPathRules(tx);
    const touched = isNew ? await collectTouched(tx, this.#ctx, fresh, { ...knowledge, paths }) : [];
    if (isNew) await countBegun(tx, fresh);
    const letters = await listNewLetters(tx, at.letters, maxLetters);
    const dead = await collectFlowsOf(
      tx,
      this.#ctx,
      letters.map(({ position }) => position),
      paths,
    );
    const released = await this.#listReleased(tx);
    const takenBack = await this.#listTakenBack(tx);
    const nowIso = this.#ctx.clock.now().toISOString();
    // Steps are called by their services, and by who told them: the flows before are read anew, or a map holds both names.
    const isRenamed = this.#links !== null && this.#links !== knowledge.links;
    if (isRenamed || this.#mediations.takeLearnt()) await lookAgain(tx, { at: nowIso, ...RECENT });
    const waiting = (await listDueFlows(tx, { at: nowIso, limit: due })).map(toFlow);
    const forced = [...released, ...takenBack, ...waiting].map((flow): TouchedFlow => ({ flow, events: 0 }));
    const flows = this.#dull.admit(mergeTouched([...touched, ...dead, ...forced]));
    const changed = flows.length > 0 && (await this.#readAll(tx, knowledge, flows));
    if (changed) await proveSagaTypes(tx, LEAST_BEGUN);
    const lettersTo = letters.at(-1)?.number ?? at.letters;
    if (isNew || letters.length > 0) await moveSagaPositions(tx, { position: upTo, letters: lettersTo });
    const isMore =
      end !== null || letters.length === maxLetters || waiting.length === due || released.length === held;
    return { isMore, changed };
  }

  /** All that dead letters hold up no more. It takes a small share of the time, however many are held up. */
  async #listReleased(tx: SqlTx): Promise<Correlation[]> {
    const { clock } = this.#ctx;
    const startedMs = clock.elapsedMs();
    if (startedMs < this.#heldRestUntilMs) return [];
    const rows = await listReleased(tx, this.#limits.held);
    const endedMs = clock.elapsedMs();
    const isMore = rows.length === this.#limits.held;
    this.#heldRestUntilMs = isMore ? endedMs : endedMs + (endedMs - startedMs) * HELD_REST;
    return rows.map(toFlow);
  }

  /** Goes round through those in which a dead letter was given up, some in each round. */
  async #listTakenBack(tx: SqlTx): Promise<Correlation[]> {
    const rows = await listTakenBack(tx, this.#givenUpAfter, this.#limits.held);
    this.#givenUpAfter = rows.at(-1)?.position ?? "-1";
    return rows.filter(({ is_released }) => is_released).map(toFlow);
  }

  async #readAll(tx: SqlTx, knowledge: SagaKnowledge, all: readonly TouchedFlow[]): Promise<boolean> {
    await followServices(tx, this.#ctx, knowledge.services);
    const nowUs = this.#ctx.clock.now().getTime() * 1000;
    let changed = false;
    for (let start = 0; start < all.length; start += this.#limits.flows) {
      const part = all.slice(start, start + this.#limits.flows);
      const known = await listSagasOfFlows(
        tx,
        part.map(({ flow }) => toFlowRow(flow)),
      );
      const byFlow = Map.groupBy(known, ({ flow }) => flow);
      const entries = part.map((touched, place) => ({ touched, known: byFlow.get(place) ?? [] }));
      const postponed = await postponeLarge(tx, entries, nowUs);
      const wanted = entries.filter((entry) => !postponed.has(entry));
      changed = (await this.#readPart(tx, knowledge, wanted, nowUs)) || changed;
    }
    return changed;
  }

  async #readPart(
    tx: SqlTx,
    knowledge: SagaKnowledge,
    entries: readonly { touched: TouchedFlow; known: readonly KnownSaga[] }[],
    nowUs: number,
  ): Promise<boolean> {
    if (entries.length === 0) return false;
    const flows = entries.map(({ touched }) => touched.flow);
    const loaded = await loadFlows(tx, this.#ctx, flows);
    const runs = await loadRuns(tx, flows, knowledge);
    const mediationsOf = await this.#mediations.load(tx, knowledge, loaded.map(beginningOf));
    const slice = new Slice();
    const found: FlowSaga[][] = [];
    for (const [place, flow] of flows.entries()) {
      const recorded = loaded[place] ?? { events: [], deliveries: [], attempts: [], isCapped: false };
      found.push(readFlowSagas(flow, recorded, { ...knowledge, mediationsOf }, runs.get(place) ?? []));
      await slice.rest();
    }
    const normsOf = await this.#norms.load(
      tx,
      found.flat().map(({ type }) => type),
    );
    const { changed, listed, ended } = await writeSagas(tx, {
      flows: entries.map(({ known }, place) => ({ known, found: found[place] ?? [] })),
      normsOf,
      nowUs,
      hasReporters: knowledge.hasReporters,
      rest: () => slice.rest(),
    });
    this.#ended.push(...ended);
    for (const [place, flow] of flows.entries()) {
      this.#dull.note(flow, { events: loaded[place]?.events.length ?? 0, isListed: listed.has(place) });
    }
    return changed;
  }

  /** A few times a second at most; what was held back is said by a later round. */
  async #hint(): Promise<void> {
    const nowMs = this.#ctx.clock.elapsedMs();
    if (!this.#isHintDue || nowMs - this.#hintedMs < HINT_EVERY_MS) return;
    this.#isHintDue = false;
    this.#hintedMs = nowMs;
    await notifyTopic(this.#ctx.sql, SAGAS_TOPIC);
  }
}

/** Lets others have the event loop when it was held for long enough. */
class Slice {
  #sinceMs = performance.now();

  async rest(): Promise<void> {
    if (performance.now() - this.#sinceMs < SLICE_MS) return;
    await breathe();
    this.#sinceMs = performance.now();
  }
}

/** Each flow once. */
function mergeTouched(all: readonly TouchedFlow[]): TouchedFlow[] {
  const merged = new Map<string, TouchedFlow>();
  for (const one of all) {
    const key = `${one.flow.by} ${one.flow.value}`;
    const known = merged.get(key);
    // Where something else than an event came, it is looked at in any case.
    const events = known === undefined ? one.events : known.events * one.events;
    merged.set(key, { flow: one.flow, events });
  }
  return [...merged.values()];
}

/** A large flow that was read a moment ago is read again later. */
async function postponeLarge<Entry extends { known: readonly KnownSaga[] }>(
  tx: SqlTx,
  entries: readonly Entry[],
  nowUs: number,
): Promise<ReadonlySet<Entry>> {
  const postponed = new Set<Entry>();
  const looks: { id: string; lookUs: number }[] = [];
  for (const entry of entries) {
    const events = entry.known.reduce((sum, saga) => sum + saga.events, 0);
    if (events <= LARGE_FLOW) continue;
    const restUs = Math.max(LEAST_REST_US, events * REST_US_PER_EVENT);
    const lookUs = Math.max(...entry.known.map(({ looked_us }) => Number(looked_us))) + restUs;
    const [first] = entry.known;
    if (first === undefined || lookUs <= nowUs) continue;
    postponed.add(entry);
    looks.push({ id: first.id, lookUs });
  }
  await postponeSagas(tx, looks);
  return postponed;
}
