import type { Sql } from "#drizzle/db.ts";
import { addSchemaCounts } from "#drizzle/queries/schema-violations.ts";
import { getRegistryRevision, listSchemas, type SchemaRow } from "#drizzle/queries/schemas.ts";
import type { SchemaPolicy } from "#server/contract/schemas.ts";
import { upcastersSchema } from "#server/contract/upcasters.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { type SchemaViolation, TypeSchemas } from "#server/domain/schemas/type-schemas.ts";
import { createSchemaCache } from "#server/domain/schemas/validate.ts";
import type { Clock } from "#server/platform/clock.ts";
import { StoredIdentities } from "../identities/stored-identities.ts";

const COMPILED_SCHEMAS = 2_000;
const HOUR_MS = 3_600_000;

/** An event type with schemas, as this process knows it. */
export type RegisteredType = {
  typeId: number;
  type: string;
  policy: SchemaPolicy;
  /** Events after this position are judged. */
  since: string;
  schemas: TypeSchemas;
};

/** Events that are refused, by their index in what was asked about. */
export type Refusals = ReadonlyMap<number, SchemaViolation>;

type Refused = { typeId: number; hour: string; count: number };

type Candidate = { event: EventEnvelope; identity: string };

/**
 * The schemas of this process: read from the database at the start and after every change, wherever it was made.
 * Asking for a type costs one look into a map.
 */
export class SchemaRegistry {
  readonly #sql: Sql;
  readonly #clock: Pick<Clock, "now">;
  readonly #stored: StoredIdentities;
  readonly #compile = createSchemaCache(COMPILED_SCHEMAS);
  #types: ReadonlyMap<string, RegisteredType> = new Map();
  #enforced: ReadonlyMap<string, RegisteredType> = new Map();
  #revision = "";
  #loading: Promise<void> = Promise.resolve();
  /** Refused events that are not written down yet, by type id and hour. */
  #refused = new Map<string, Refused>();

  constructor(
    sql: Sql,
    {
      clock,
      identities = new StoredIdentities(sql),
    }: { clock: Pick<Clock, "now">; identities?: StoredIdentities },
  ) {
    this.#sql = sql;
    this.#clock = clock;
    this.#stored = identities;
  }

  find(type: string): RegisteredType | null {
    return this.#types.get(type) ?? null;
  }

  list(): RegisteredType[] {
    return [...this.#types.values()];
  }

  /** Reads the registry anew if it has changed. */
  reload(): Promise<void> {
    this.#loading = this.#loading.catch(() => {}).then(() => this.#load());
    return this.#loading;
  }

  /**
   * Which of the events their types refuse: those that violate a schema that is enforced. Null when there is none.
   * One that is stored already is not refused when it is sent again: its first answer stands.
   */
  async findRefusals(events: readonly Candidate[]): Promise<Refusals> {
    const refusals = new Map<number, SchemaViolation>();
    for (const [index, { event }] of events.entries()) {
      const judgement = this.#enforced.get(event.type)?.schemas.judge(event);
      if (judgement?.kind === "violation") refusals.set(index, judgement);
    }
    if (refusals.size === 0) return refusals;
    const identities = [...refusals.keys()].flatMap((index) => events[index]?.identity ?? []);
    const taken = await this.#stored.listTaken(identities);
    for (const index of refusals.keys()) {
      if (taken.has(events[index]?.identity ?? "")) refusals.delete(index);
    }
    const hour = new Date(Math.floor(this.#clock.now().getTime() / HOUR_MS) * HOUR_MS).toISOString();
    for (const index of refusals.keys()) {
      const typeId = this.#types.get(events[index]?.event.type ?? "")?.typeId;
      if (typeId !== undefined) this.#countRefused({ typeId, hour, count: 1 });
    }
    return refusals;
  }

  /** Whether any type refuses anything at all. */
  get isEnforcing(): boolean {
    return this.#enforced.size > 0;
  }

  /** Writes down how many events were refused since the last time. */
  async writeRefused(): Promise<void> {
    const counts = [...this.#refused.values()];
    if (counts.length === 0) return;
    this.#refused = new Map();
    try {
      await addSchemaCounts(
        this.#sql,
        counts.map(({ typeId, hour, count }) => ({ hour, typeId, judged: 0, violations: 0, refused: count })),
      );
    } catch (error) {
      for (const one of counts) this.#countRefused(one);
      throw error;
    }
  }

  #countRefused({ typeId, hour, count }: Refused): void {
    const key = `${typeId}/${hour}`;
    const known = this.#refused.get(key)?.count ?? 0;
    this.#refused.set(key, { typeId, hour, count: known + count });
  }

  async #load(): Promise<void> {
    // Before the rows: what changes in between is read again.
    const revision = await getRegistryRevision(this.#sql);
    if (revision === this.#revision) return;
    const rows = Map.groupBy(await listSchemas(this.#sql), (row) => row.type);
    const types = [...rows.values()].map((versions) => this.#toRegistered(versions));
    this.#types = new Map(types.map((one) => [one.type, one]));
    this.#enforced = new Map(
      types.filter(({ policy }) => policy === "enforce").map((one) => [one.type, one]),
    );
    this.#revision = revision;
  }

  #toRegistered(rows: SchemaRow[]): RegisteredType {
    const [row] = rows;
    if (!row) throw new RangeError("A type without schemas is not registered.");
    const { type_id: typeId, type, policy, since } = row;
    const versions = rows.map(({ version, schema, upcasters }) => ({
      version,
      schema,
      upcasters: upcastersSchema.parse(upcasters),
    }));
    return { typeId, type, policy, since, schemas: new TypeSchemas(versions, this.#compile) };
  }
}
