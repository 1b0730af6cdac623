import { connect } from "#drizzle/db.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { createLog } from "#server/platform/log.ts";
import { orderSummaries } from "../order-summaries.ts";
import { runProjection } from "../run-projection.ts";

/** `node project-orders.ts ADDRESS`: a process that takes the order summaries to the end of the log. */
const [address = ""] = process.argv.slice(2);
const { sql, close } = connect(address, { max: 2, connection: { application_name: "projecting" } });
const log = createLog({ level: "error", format: "text", destination: process.stderr });
while (await runProjection({ sql, names: new NameCache(sql), log }, orderSummaries));
await close();
