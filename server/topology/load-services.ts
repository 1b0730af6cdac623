import type { Sql, SqlTx } from "#drizzle/db.ts";
import { listSightings } from "#drizzle/queries/service-sightings.ts";
import { chooseLinks } from "#server/domain/topology/service-links.ts";
import { identifyServices, type Services } from "#server/domain/topology/services.ts";

/** Which sources and consumers are one service, by everything that was seen so far. */
export async function loadServices(sql: Sql | SqlTx): Promise<Services> {
  return identifyServices(chooseLinks(await listSightings(sql)));
}
