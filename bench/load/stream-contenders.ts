import { randomUUID } from "node:crypto";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { Streams } from "#server/streams/streams.ts";
import { createAppendWriter } from "#server/streams/write-appends.ts";

export type StreamContender = "nagare" | "emmett" | "message-db";

export type StreamAppender = {
  /** Appends one event to a stream that must be at this version; throws when it isn't. */
  append: (stream: string, version: number) => Promise<void>;
};

/** What a pool of the `pg` driver has when nothing else is said, as Emmett's does. */
const CONNECTIONS = 10;
const SOURCE = "/bench/streams";
const TYPE = "account.credited";
const DATA = {
  account: "DE02 1203 0000 0000 2020 51",
  amountMinor: 129_900,
  currency: "EUR",
  note: "x".repeat(120),
};

/** Opens one of the stores that are compared; its tables are there already. */
export async function openContender(name: StreamContender, login: ConnectOptions): Promise<StreamAppender> {
  if (name === "nagare") return openNagare(login);
  return name === "emmett" ? openEmmett(login) : openMessageDb(login);
}

function openNagare(login: ConnectOptions): StreamAppender {
  const { sql } = connect(login, { max: CONNECTIONS });
  const names = new NameCache(sql);
  const streams = new Streams(createAppendWriter(sql, names), { clock: systemClock, onCommit: () => {} });
  return {
    append: async (aggregateId, expected) => {
      const id = randomUUID();
      const event = {
        ...emptyEnvelope("internal"),
        id,
        source: SOURCE,
        type: TYPE,
        aggregateType: "account",
        aggregateId,
        data: { encoding: "json", text: JSON.stringify(DATA) } as const,
      };
      const events = [{ event, identity: eventIdentity(SOURCE, id) }];
      const { kind } = await streams.append({ type: "account", aggregateId, expected, events });
      if (kind !== "appended") throw new Error(`An append ended as ${kind}.`);
    },
  };
}

function openEmmett(login: ConnectOptions): StreamAppender {
  const store = getPostgreSQLEventStore(formatLogin(login), {
    schema: { autoMigration: "None" },
  });
  return {
    append: async (stream, version) => {
      const { nextExpectedStreamVersion } = await store.appendToStream(
        stream,
        [{ type: TYPE, data: DATA, metadata: {} }],
        { expectedStreamVersion: version === 0 ? "STREAM_DOES_NOT_EXIST" : BigInt(version) },
      );
      if (nextExpectedStreamVersion !== BigInt(version + 1))
        throw new Error("A version was not the next one.");
    },
  };
}

function openMessageDb(login: ConnectOptions): StreamAppender {
  const { sql } = connect(login, { max: CONNECTIONS, connection: { search_path: "message_store,public" } });
  return {
    append: async (stream, version) => {
      const [row] = await sql<{ position: string }[]>`
        select write_message(${randomUUID()}, ${`account-${stream}`}, ${TYPE}, ${JSON.stringify(DATA)}::text::jsonb,
          null, ${version - 1}::bigint) as position`;
      if (Number(row?.position) !== version) throw new Error("A version was not the next one.");
    },
  };
}

/** A login as the address that the `pg` driver takes. */
export function formatLogin({ host, port, user, password, database }: ConnectOptions): string {
  const place = String(host).startsWith("/")
    ? `/${database}?host=${encodeURIComponent(String(host))}&port=${port}`
    : `${host}:${port}/${database}`;
  return `postgresql://${user}:${encodeURIComponent(String(password))}@${place}`;
}
