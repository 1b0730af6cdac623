import { addSightings } from "#drizzle/queries/service-sightings.ts";
import type { Context } from "#server/platform/context.ts";

/** Lets sources and consumers of these names be one service each, as if that had been seen often. */
export async function linkServices(
  { sql, names }: Pick<Context, "sql" | "names">,
  services: readonly string[],
): Promise<void> {
  const wanted = services.map((name) => ({ field: "source" as const, name: `/${name}` }));
  const idOf = await names.ensure(wanted);
  const seen = services.map((consumer) => ({ consumer, sourceId: idOf("source", `/${consumer}`) ?? 0 }));
  await sql.begin((tx) =>
    addSightings(tx, {
      reactions: seen.map(({ sourceId }) => ({ sourceId, events: 100 })),
      hits: seen.map((one) => ({ ...one, hits: 100 })),
    }),
  );
}
