import { type SchemaInput, type SchemaVersionDto, schemaInputSchema } from "#server/contract/schemas.ts";
import { schemaVersionSchema } from "#server/contract/upcasters.ts";

export const COMPATIBILITIES = [
  "backward",
  "forward",
  "full",
  "none",
] as const satisfies readonly NonNullable<SchemaInput["compatibility"]>[];

/** A version of a schema as a person writes it. */
export type SchemaDraft = {
  version: string;
  compatibility: (typeof COMPATIBILITIES)[number];
  /** JSON. */
  schema: string;
  upcasters: string;
};

export type DraftField = "version" | "schema" | "upcasters";

/** What is wrong with a field: a word for us to say, or what the reader of JSON says. */
export type DraftProblem = { field: DraftField; reason: string };

export type ReadDraft =
  | { kind: "valid"; version: string; body: SchemaInput }
  | { kind: "invalid"; problems: readonly DraftProblem[] };

/** Reads what was written, or says which fields can't be used. */
export function readDraft({ version, compatibility, schema, upcasters }: SchemaDraft): ReadDraft {
  const problems: DraftProblem[] = [];
  const add = (field: DraftField, reason: string) => problems.push({ field, reason });
  const named = schemaVersionSchema.safeParse(version.trim());
  if (!named.success) add("version", named.error.issues[0]?.message ?? "");
  const [readSchema, readUpcasters] = [parse(schema), parse(upcasters.trim() === "" ? "[]" : upcasters)];
  if (readSchema.kind === "invalid") add("schema", readSchema.reason);
  if (readUpcasters.kind === "invalid") add("upcasters", readUpcasters.reason);
  if (!named.success || readSchema.kind === "invalid" || readUpcasters.kind === "invalid") {
    return { kind: "invalid", problems };
  }
  const body = schemaInputSchema.safeParse({
    schema: readSchema.value,
    compatibility,
    upcasters: readUpcasters.value,
  });
  if (body.success) return { kind: "valid", version: named.data, body: body.data };
  for (const { path, message } of body.error.issues) {
    const place = path.slice(1).join(".");
    add(path[0] === "upcasters" ? "upcasters" : "schema", place === "" ? message : `${place}: ${message}`);
  }
  return { kind: "invalid", problems };
}

/** A version to follow the newest: the next whole number, in the same spelling. */
export function nextVersion(versions: readonly string[]): string {
  const newest = versions.at(-1);
  if (newest === undefined) return "1.0";
  const [, before = "", major, rest = ""] = /^(v?)(\d{1,6})((?:\.\d+)*)$/.exec(newest) ?? [];
  if (major === undefined) return "";
  return `${before}${Number(major) + 1}${rest.replaceAll(/\d+/g, "0")}`;
}

/** The form for a version to follow another one, or the first. */
export function draftAfter(versions: readonly SchemaVersionDto[], schema: unknown): SchemaDraft {
  return {
    version: nextVersion(versions.map(({ version }) => version)),
    compatibility: "backward",
    schema: layOut(schema),
    upcasters: "",
  };
}

/** The form for what may change of a version. */
export function draftOf({ version, compatibility, schema, upcasters }: SchemaVersionDto): SchemaDraft {
  return {
    version,
    compatibility,
    schema: layOut(schema),
    upcasters: upcasters.length === 0 ? "" : layOut(upcasters),
  };
}

export function layOut(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function parse(text: string): { kind: "read"; value: unknown } | { kind: "invalid"; reason: string } {
  try {
    return { kind: "read", value: JSON.parse(text) };
  } catch (error) {
    return { kind: "invalid", reason: error instanceof Error ? error.message : String(error) };
  }
}
