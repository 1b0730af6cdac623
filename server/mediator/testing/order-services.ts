import type { Sql, SqlTx } from "#drizzle/db.ts";
import type { Handlers } from "#server/bus/handlers.ts";

/** Which reply each command of the order process gets. */
const ANSWERS: Record<string, { type: string; data: object }> = {
  "inventory.reserve": { type: "inventory.reserved", data: { reservationId: "r-1" } },
  "inventory.release": { type: "inventory.released", data: {} },
  "mail.send": { type: "mail.sent", data: {} },
  "points.add": { type: "points.added", data: {} },
  "points.take": { type: "points.taken", data: {} },
  "shipping.ship": { type: "shipping.shipped", data: {} },
};

export const SERVICE = "services";
export const COMMANDS = Object.keys(ANSWERS);

/** Makes the table in which the services count what they did for whom. */
export async function makeEffects(sql: Sql): Promise<void> {
  await sql`
    create table effects (command text, business_key text, times integer not null default 1,
      primary key (command, business_key))`;
}

/** What was done for one order, with how often each. */
export async function listEffects(sql: Sql, key: string): Promise<Record<string, number>> {
  const rows = await sql<{ command: string; times: number }[]>`
    select command, times from effects where business_key = ${key}`;
  return Object.fromEntries(rows.map(({ command, times }) => [command, times]));
}

/**
 * The services that the order process commands, in one consumer. An order with `refuse` in its number is not shipped;
 * one with `lose` gets no answer to its first mail.
 */
export function registerServices(handlers: Handlers): void {
  handlers.register(SERVICE, {
    transaction: "each",
    handle: async (command, { tx, publish }) => {
      const key = command.partitionKey ?? "";
      const isFirst = await countEffect(tx, command.type, key);
      if (command.type === "mail.send" && key.includes("lose") && isFirst) return;
      const isRefused = command.type === "shipping.ship" && key.includes("refuse");
      const answer = isRefused ? { type: "shipping.refused", data: {} } : ANSWERS[command.type];
      if (!answer) throw new Error(`Nobody answers ${command.type}.`);
      await publish({
        type: answer.type,
        source: "/services",
        partitionKey: key,
        dataContentType: "application/json",
        data: { encoding: "json", text: JSON.stringify(answer.data) },
      });
    },
  });
}

async function countEffect(tx: SqlTx, command: string, key: string): Promise<boolean> {
  const [row] = await tx<{ times: number }[]>`
    insert into effects as old (command, business_key) values (${command}, ${key})
    on conflict (command, business_key) do update set times = old.times + 1 returning times`;
  return row?.times === 1;
}
