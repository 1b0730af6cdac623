import { listFaults } from "#drizzle/queries/scenarios.ts";
import { faultSchema } from "#server/contract/scenarios.ts";
import { type Fault, NO_FAULT } from "#server/domain/fault-injection.ts";
import type { Context } from "#server/platform/context.ts";

/** How old what is known may be: a fault takes hold, and ends, within this. */
const FRESH_MS = 250;

/** The faults in force, as every process that runs the services reads them. */
export class FaultBoard {
  readonly #ctx: Pick<Context, "sql" | "clock">;
  #readAt = Number.NEGATIVE_INFINITY;
  #faults: Promise<ReadonlyMap<string, Fault>> = Promise.resolve(new Map());

  constructor(ctx: Pick<Context, "sql" | "clock">) {
    this.#ctx = ctx;
  }

  async find(scenario: string, service: string): Promise<Fault> {
    const now = this.#ctx.clock.elapsedMs();
    if (now - this.#readAt > FRESH_MS) {
      this.#readAt = now;
      this.#faults = this.#read();
      this.#faults.catch(() => {
        this.#readAt = Number.NEGATIVE_INFINITY;
      });
    }
    return (await this.#faults).get(`${scenario}/${service}`) ?? NO_FAULT;
  }

  async #read(): Promise<ReadonlyMap<string, Fault>> {
    const rows = await listFaults(this.#ctx.sql, this.#ctx.clock.now().toISOString());
    return new Map(
      rows.map(({ scenario, service, fault }) => [`${scenario}/${service}`, faultSchema.parse(fault)]),
    );
  }
}
