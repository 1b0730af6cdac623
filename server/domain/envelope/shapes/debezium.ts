import { hash } from "node:crypto";
import { invalid } from "../attributes.ts";
import { compactJson } from "../compact-json.ts";
import { type JsonObject, scanObject } from "../json-slices.ts";
import { type Reading, refuse } from "../reading.ts";
import { timestampFromEpoch } from "../timestamp.ts";
import { debeziumExamples } from "./debezium-examples.ts";
import type { ForeignShape } from "./foreign-shape.ts";
import { Mapping } from "./mapping.ts";

/** What each operation did to a row, as the last word of the event type. */
const VERBS = new Map([
  ["c", "created"],
  ["u", "updated"],
  ["d", "deleted"],
  ["r", "read"],
  ["t", "truncated"],
  ["m", "message"],
]);

/** Members of `source` that say where in the database's log the change stands, over all connectors. */
const POSITION_MEMBERS = [
  ...["gtid", "server_id", "file", "pos", "row"], // MySQL, MariaDB, Cassandra
  ...["lsn", "txId"], // PostgreSQL
  ...["scn", "commit_scn", "redo_thread", "rs_id", "ssn"], // Oracle
  ...["change_lsn", "commit_lsn", "event_serial_no"], // SQL Server, Db2
  ...["ord", "lsid", "txnNumber"], // MongoDB
  ...["vgtid"], // Vitess
];

/** The connector's own clock: it differs each time that the connector sends the same change. */
const SENDING_CLOCK = new Set(["ts_ms", "ts_us", "ts_ns"]);

/** Longest id that is written out; a longer one, as Vitess has them, is hashed. */
const MAX_WRITTEN_ID = 512;

/**
 * A change of a row as Debezium captures it, with the `schema`/`payload` wrapper or without. The payload is
 * the data. The id is made of the change's place in the database's log, the table, the operation and the
 * row, so a change that is sent again is the same event. (Rows that are written together can share a place
 * in the log, and all rows of a snapshot do: only the row tells these apart.)
 *
 * @see https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events
 */
export const debezium: ForeignShape = {
  shape: "debezium",
  description: "Debezium (op, source, before, after)",

  matches: (values) => isChange(values) || isChange(values.payload),

  read(object, values) {
    const mapping = new Mapping("debezium", object, values);
    if (isChange(values)) {
      mapping.setData(
        { encoding: "json", text: object.text.slice(object.start, object.end) },
        "application/json",
      );
      for (const member of Object.keys(values)) mapping.take(member);
      return readChange(mapping, object);
    }
    mapping.takeData("payload");
    return readChange(mapping, memberObject(object, "payload"));
  },

  examples: debeziumExamples,
};

/** Whether two payloads tell of the same change, whenever each was sent. */
export function isSameChange(a: string, b: string): boolean {
  return withoutSendingClock(a) === withoutSendingClock(b);
}

function readChange(mapping: Mapping, change: JsonObject | null): Reading {
  const source = change === null ? null : memberObject(change, "source");
  if (change === null || source === null) return invalid("source", "is not the object that Debezium writes");
  const op = textOf(change, "op") ?? "";
  const table = ["db", "schema", "table", "collection"]
    .flatMap((name) => textOf(source, name) ?? [])
    .join(".");
  const server = [textOf(source, "connector"), textOf(source, "name")].flatMap((part) => part ?? []);
  if (server.length === 0) {
    return refuse(
      "missing-attribute",
      '"source.name" is missing. Debezium writes the name of its connector there.',
    );
  }
  mapping.set("source", `/debezium/${server.join("/")}`);
  mapping.set("id", changeId(change, source, table, op));
  mapping.set("type", ["io.debezium", table, VERBS.get(op) ?? op].filter((part) => part !== "").join("."));
  if (table !== "") mapping.set("subject", table);
  const time = commitTime(source);
  if (time !== null) mapping.set("time", time);
  return mapping.finish({ id: "source", source: "source.name", type: "op" });
}

function changeId(change: JsonObject, source: JsonObject, table: string, op: string): string {
  const place = POSITION_MEMBERS.flatMap((name) => {
    const value = textOf(source, name);
    return value === null ? [] : [`${name}=${value}`];
  });
  if (place.length === 0)
    place.push(`source=${digest(compactJson(source.text.slice(source.start, source.end)))}`);
  const row = [change.raw("before"), change.raw("after"), change.raw("message")].map((raw) =>
    compactJson(raw ?? "null"),
  );
  const id = [table, op, ...place, `content=${digest(row.join("\n"))}`].join(";");
  return id.length <= MAX_WRITTEN_ID ? id : digest(id);
}

/** When the database committed the change, as exactly as the connector says it. */
function commitTime(source: JsonObject): string | null {
  const precisions = [
    ["ts_ns", 9],
    ["ts_us", 6],
    ["ts_ms", 3],
  ] as const;
  for (const [member, scale] of precisions) {
    const since1970 = source.raw(member) ?? "0";
    if (since1970 !== "0") return timestampFromEpoch(since1970, scale);
  }
  return null;
}

function withoutSendingClock(payload: string): string {
  const change = scanObject(payload, 0, payload.length);
  if (change === null) return payload;
  const members: string[] = [];
  for (let member = 0; member < change.memberCount; member += 1) {
    if (SENDING_CLOCK.has(change.key(member))) continue;
    members.push(`${change.rawKey(member)}:${compactJson(change.rawValue(member))}`);
  }
  return members.join(",");
}

function isChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("op" in value) || !("source" in value)) return false;
  return typeof value.op === "string" && typeof value.source === "object" && value.source !== null;
}

function memberObject(object: JsonObject, name: string): JsonObject | null {
  const member = object.find(name);
  return member === -1 ? null : scanObject(object.text, object.valueStart(member), object.end - object.start);
}

/** A member's string, or the characters of its number; null when it is absent, null or empty. */
function textOf(object: JsonObject, name: string): string | null {
  const raw = object.raw(name);
  if (raw === null || raw === "null" || raw === '""') return null;
  if (raw.startsWith('"')) return String(JSON.parse(raw));
  return compactJson(raw);
}

function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
