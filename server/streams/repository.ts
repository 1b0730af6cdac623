import { randomUUID } from "node:crypto";
import { findSnapshot, keepSnapshot } from "#drizzle/queries/snapshots.ts";
import { findStream, listStreamEvents } from "#drizzle/queries/streams.ts";
import {
  type Aggregate,
  evolveAll,
  type Rebuilt,
  rebuild,
  type Snapshot,
  type StreamEvent,
  takeSnapshot,
  type VersionedEvent,
} from "#server/domain/aggregate.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { describeViolation } from "#server/domain/schemas/type-schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { defaultSource } from "./read-append.ts";
import { listStreamEnvelopes } from "./stream-envelopes.ts";

const PAGE = 500;
const MAX_VERSION = 2_147_483_647;
const DEFAULT_SNAPSHOT_EVERY = 100;
const MAX_TRIES = 10;

/** What the events of a save have in common. */
export type SaveMetadata = Partial<
  Pick<
    EventEnvelope,
    | "source"
    | "subject"
    | "kind"
    | "correlationId"
    | "causationId"
    | "traceparent"
    | "channel"
    | "partitionKey"
    | "extensions"
  >
> & {
  /** Names the events `<commandId>-1`, `<commandId>-2`, …, so that saving again stores nothing twice. */
  commandId?: string;
};

export type SaveOutcome<State> =
  | ({ kind: "saved"; positions: string[]; isRepeat: boolean } & Rebuilt<State>)
  /** Somebody else saved in between: load again and decide again. */
  | { kind: "version-conflict"; actualVersion: number };

/** What a command leads to: events (none where nothing is to be done), or a reason to refuse it. */
export type Decision<Events> =
  | { kind: "accepted"; events: readonly StreamEvent<Events>[] }
  | { kind: "refused"; reason: string };

export type UpdateOutcome<State> =
  | ({ kind: "accepted" } & Rebuilt<State>)
  | { kind: "refused"; reason: string };

/** Loads and saves the aggregates of one type. */
export class Repository<State, Events> {
  readonly #ctx: Pick<Context, "sql" | "names" | "streams" | "log">;
  readonly #aggregate: Aggregate<State, Events>;
  readonly #snapshotEvery: number;

  /** @param options.snapshotEvery after so many versions the state is kept; it must survive JSON. */
  constructor(
    ctx: Pick<Context, "sql" | "names" | "streams" | "log">,
    aggregate: Aggregate<State, Events>,
    { snapshotEvery = DEFAULT_SNAPSHOT_EVERY }: { snapshotEvery?: number } = {},
  ) {
    this.#ctx = ctx;
    this.#aggregate = aggregate;
    this.#snapshotEvery = snapshotEvery;
  }

  /**
   * The aggregate as its events made it, from its snapshot on; without events, its initial state at version 0.
   *
   * Throws where a version is missing or stands twice, which only happens in streams that others write.
   */
  async load(id: string): Promise<Rebuilt<State>> {
    const { sql } = this.#ctx;
    const stream = await findStream(sql, this.#aggregate.type, id);
    if (!stream) return rebuild(this.#aggregate, []);
    const snapshot = await this.#findSnapshot(stream.id);
    let rebuilt = rebuild(this.#aggregate, [], snapshot);
    let cursor = { fromVersion: rebuilt.version + 1, afterPosition: "-1" };
    for (;;) {
      const rows = await listStreamEvents(sql, stream.id, { ...cursor, toVersion: MAX_VERSION, limit: PAGE });
      const envelopes = await listStreamEnvelopes(sql, this.#ctx.names, rows);
      for (const { version, event } of envelopes) {
        if (version === rebuilt.version) throw this.#ambiguous(id, version);
        const next = toTyped<Events>(event, version);
        rebuilt = rebuild(this.#aggregate, [next], {
          ...rebuilt,
          stateVersion: this.#aggregate.stateVersion,
        });
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return rebuilt;
      cursor = { fromVersion: last.version, afterPosition: last.position };
    }
  }

  /** Appends events that were decided on in the loaded state. Without events nothing is done. */
  async save(
    id: string,
    loaded: Rebuilt<State>,
    events: readonly StreamEvent<Events>[],
    { commandId = randomUUID(), ...common }: SaveMetadata = {},
  ): Promise<SaveOutcome<State>> {
    if (events.length === 0) return { kind: "saved", positions: [], isRepeat: false, ...loaded };
    const { type } = this.#aggregate;
    const source = common.source ?? defaultSource(type);
    const outcome = await this.#ctx.streams.append({
      type,
      aggregateId: id,
      expected: loaded.version,
      events: events.map(({ type: eventType, data }, place) => {
        const event: EventEnvelope = {
          ...emptyEnvelope("internal"),
          ...common,
          id: `${commandId}-${place + 1}`,
          source,
          type: eventType,
          aggregateType: type,
          aggregateId: id,
          data: { encoding: "json", text: JSON.stringify(data) },
        };
        return { event, identity: eventIdentity(source, event.id) };
      }),
    });
    if (outcome.kind === "version-conflict") return outcome;
    if (outcome.kind === "identity-conflict") {
      throw new AppError(
        "conflict",
        `The command id ${commandId} has been used for something else. Take a new one.`,
      );
    }
    if (outcome.kind === "refused") {
      const refused = events[outcome.place]?.type ?? type;
      throw new AppError("invalid", describeViolation(refused, outcome.violation));
    }
    const { positions, isRepeat } = outcome;
    // What was saved before may have been followed by more: the state is what the stream says now.
    if (isRepeat) return { kind: "saved", positions, isRepeat, ...(await this.load(id)) };
    const saved = {
      state: evolveAll(this.#aggregate, loaded.state, events),
      version: loaded.version + events.length,
    };
    await this.#keepSnapshot(id, loaded.version, saved);
    return { kind: "saved", positions, isRepeat, ...saved };
  }

  /** Loads, decides and saves; decides anew as often as somebody else is faster, at most ten times. */
  async update(
    id: string,
    decide: (state: State) => Decision<Events>,
    metadata: SaveMetadata = {},
  ): Promise<UpdateOutcome<State>> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const loaded = await this.load(id);
      const decision = decide(loaded.state);
      if (decision.kind === "refused") return decision;
      const outcome = await this.save(id, loaded, decision.events, metadata);
      if (outcome.kind === "saved") {
        return { kind: "accepted", state: outcome.state, version: outcome.version };
      }
    }
    throw new AppError(
      "overloaded",
      `The ${this.#aggregate.type} ${id} changes faster than a decision can be made. Try again in a moment.`,
      { retryAfterSeconds: 1 },
    );
  }

  async #findSnapshot(streamId: string): Promise<Snapshot<State> | null> {
    const row = await findSnapshot(this.#ctx.sql, streamId);
    if (row?.state_version !== this.#aggregate.stateVersion) return null;
    // Of this version of states, and so what `#keepSnapshot` wrote from one.
    return { version: row.version, stateVersion: row.state_version, state: row.state as State };
  }

  /** A snapshot only saves reading: without it the events are still there. */
  async #keepSnapshot(id: string, before: number, saved: Rebuilt<State>): Promise<void> {
    const every = this.#snapshotEvery;
    if (Math.floor(saved.version / every) === Math.floor(before / every)) return;
    const { version, stateVersion, state } = takeSnapshot(this.#aggregate, saved);
    try {
      await keepSnapshot(this.#ctx.sql, this.#aggregate.type, id, {
        version,
        state_version: stateVersion,
        state,
      });
    } catch (error) {
      this.#ctx.log.warn({ err: error, aggregate: this.#aggregate.type, id }, "snapshot.failed");
    }
  }

  #ambiguous(id: string, version: number): Error {
    return new Error(
      `Several events say that they are version ${version} of the ${this.#aggregate.type} ${id}: ` +
        "which of them made its state can't be told.",
    );
  }
}

function toTyped<Events>({ type, data }: EventEnvelope, version: number): VersionedEvent<Events> {
  if (data.encoding !== "json") throw new Error(`The ${type} at version ${version} has no JSON in it.`);
  // The type names the data; a type that the aggregate doesn't know is refused when it is applied.
  return { type, data: JSON.parse(data.text), version } as unknown as VersionedEvent<Events>;
}
