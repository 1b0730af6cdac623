import type { SqlTx } from "#drizzle/db.ts";
import { hasReportingConsumers, listSagaStarts, renameSagaTypes } from "#drizzle/queries/saga-knowledge.ts";
import { listSightings } from "#drizzle/queries/service-sightings.ts";
import { declareSaga } from "#server/domain/sagas/declared-saga.ts";
import { flowTypeId, readFlowTypeId } from "#server/domain/topology/flow-key.ts";
import { chooseLinks } from "#server/domain/topology/service-links.ts";
import { identifyServices, type Services } from "#server/domain/topology/services.ts";
import type { Context } from "#server/platform/context.ts";
import type { FlowKnowledge } from "./flow-sagas.ts";

const SERVICES_FOR_MS = 2_000;

export type SagaKnowledge = Omit<FlowKnowledge, "mediationsOf"> & {
  /** Ids of the types that begin declared processes. */
  startTypes: readonly number[];
  hasReporters: boolean;
  /** Which sources and consumers are one service, as a text that changes with it. */
  links: string;
};

type Ctx = Pick<Context, "sql" | "names" | "clock" | "processes">;

/** What is known beside a flow about how it should run. Read anew every few seconds; nobody else writes to it. */
export class KnowledgeCache {
  readonly #ctx: Ctx;
  #services: ({ atMs: number } & Pick<SagaKnowledge, "services" | "hasReporters" | "links">) | null = null;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  /** Takes connections of its own: ask for it outside of transactions. */
  async load(): Promise<SagaKnowledge> {
    const { names, processes, clock } = this.#ctx;
    const nowMs = clock.elapsedMs();
    if (this.#services === null || nowMs - this.#services.atMs >= SERVICES_FOR_MS) {
      this.#services = { atMs: nowMs, ...(await this.#loadServices()) };
    }
    const declared = processes.all;
    const ids = await names.ensure(
      declared.map(({ startedBy }) => ({ field: "type", name: startedBy.type })),
    );
    return {
      ...this.#services,
      processes: declared.map((definition) => ({
        saga: declareSaga(definition),
        hears: definition.mediator?.hears ?? "",
      })),
      startTypes: declared.flatMap(({ startedBy }) => ids("type", startedBy.type) ?? []),
    };
  }

  async #loadServices() {
    const { sql } = this.#ctx;
    const links = chooseLinks(await listSightings(sql));
    return {
      services: identifyServices(links),
      links: JSON.stringify(links.map(({ source, consumer }) => [source, consumer]).sort()),
      hasReporters: await hasReportingConsumers(sql),
    };
  }
}

/**
 * A type is called by the service that begins it. When it is found out which source and which consumer are one service,
 * that service is called otherwise from then on, and so are the types.
 */
export async function followServices(
  tx: SqlTx,
  { names }: Pick<Context, "names">,
  services: Services,
): Promise<void> {
  const starts = await listSagaStarts(tx);
  const nameOf = await names.resolve(
    starts.map(({ source_id }) => source_id),
    tx,
  );
  const renames = starts.flatMap(({ id, type, source_id }) => {
    const flowType = readFlowTypeId(type);
    if (flowType === null) return [];
    const now = flowTypeId({ type: flowType.type, startedBy: services.ofSource(nameOf(source_id)).id });
    return now === type ? [] : [{ id, type: now }];
  });
  if (renames.length > 0) await renameSagaTypes(tx, renames);
}
