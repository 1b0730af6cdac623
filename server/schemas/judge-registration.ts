import type { SchemaRow } from "#drizzle/queries/schemas.ts";
import type { PlacedProblemDto, SchemaBreakDto } from "#server/contract/problem.ts";
import type { SchemaInput } from "#server/contract/schemas.ts";
import { type Compatibility, checkCompatibility } from "#server/domain/schemas/compatibility.ts";
import { compareVersions } from "#server/domain/schemas/event-version.ts";
import { valueText } from "#server/domain/schemas/json-value.ts";
import { readSchema } from "#server/domain/schemas/read-schema.ts";
import { compileSchema } from "#server/domain/schemas/validate.ts";

type Known = Pick<SchemaRow, "version" | "schema" | "compatibility">;

export type RegistrationJudgement = {
  /** Why the schema can't be used, by places in it. */
  problems: readonly PlacedProblemDto[];
  /** Why the version can't be taken. */
  refusal: string | null;
  /** The version before. */
  comparedWith: string | null;
  breaks: readonly SchemaBreakDto[];
};

/**
 * Whether a version of a type's schema can be registered beside those that are. It keeps its promise to the version
 * before it, and where versions come after it, the next one keeps its own to the new one.
 */
export function judgeRegistration(
  known: readonly Known[],
  version: string,
  { schema, compatibility, upcasters }: SchemaInput,
): RegistrationJudgement {
  const compiled = compileSchema(JSON.stringify(schema));
  const problems = compiled.kind === "refused" ? compiled.problems : [];
  const sorted = known.toSorted((a, b) => compareVersions(a.version, b.version));
  const older = sorted.findLast((one) => compareVersions(one.version, version) < 0) ?? null;
  const newer = sorted.find((one) => compareVersions(one.version, version) > 0) ?? null;
  const same = sorted.find((one) => compareVersions(one.version, version) === 0) ?? null;
  const circle = upcasters.find(({ from }) => compareVersions(from, version) === 0);
  const refusal =
    (same === null ? null : refuseTaken(same, version, schema)) ??
    (circle ? `An upcaster of version ${version} comes from that version itself. Name an older one.` : null);
  const candidate = { version, schema: JSON.stringify(schema), compatibility };
  const breaks =
    problems.length > 0
      ? []
      : [
          ...breaksBetween(older, candidate, compatibility),
          ...breaksBetween(candidate, newer, newer?.compatibility),
        ];
  return { problems, refusal, comparedWith: older?.version ?? null, breaks };
}

function refuseTaken(same: Known, version: string, schema: unknown): string | null {
  if (same.version !== version) {
    return `Version ${version} is the same as ${same.version}, which is registered. Use that spelling, or a new version.`;
  }
  if (valueText(JSON.parse(same.schema)) === valueText(schema)) return null;
  return `Version ${version} is registered with another schema, and a schema never changes. Register a new version.`;
}

function breaksBetween(
  older: Known | null,
  newer: Known | null,
  promise: Compatibility | undefined,
): SchemaBreakDto[] {
  if (older === null || newer === null || promise === undefined) return [];
  const [before, after] = [readSchema(older.schema), readSchema(newer.schema)];
  if (before.kind === "refused" || after.kind === "refused") return [];
  return checkCompatibility(promise, before.schema, after.schema).map((one) => ({
    ...one,
    older: older.version,
    newer: newer.version,
  }));
}
