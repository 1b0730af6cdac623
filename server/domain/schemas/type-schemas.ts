import type { EventEnvelope } from "../event.ts";
import { compareVersions, nameVersion, versionOf } from "./event-version.ts";
import type { SchemaProblem } from "./read-schema.ts";
import { planUpcast, type Upcaster, type UpcastStep, upcastPayload } from "./upcast.ts";
import { type CompileSchemaResult, compileSchema, type PayloadSchema } from "./validate.ts";

/** One version of an event type's schema as it is registered. */
export type RegisteredVersion = {
  version: string;
  /** The text of the schema. */
  schema: string;
  upcasters: readonly { from: string; steps: readonly UpcastStep[] }[];
};

type Judged = Pick<EventEnvelope, "data" | "extensions" | "dataSchema">;

/** How an event fails the schemas of its type. */
export type SchemaViolation = {
  /** The version that it names; null when it names none. */
  version: string | null;
  /** The version whose schema it was held against; null when the one that it names is not registered. */
  judgedBy: string | null;
  problems: readonly SchemaProblem[];
};

export type Judgement = { kind: "valid"; version: string } | ({ kind: "violation" } & SchemaViolation);

export type UpcastView =
  /** Nothing leads to a newer version. */
  | { kind: "current" }
  | { kind: "upcast"; from: string; to: string; text: string }
  | { kind: "failed"; from: string; to: string; reason: string };

/** Versions that an event which names none is tried with, the newest first. */
const MAX_TRIED = 10;
const MAX_NAMED_VERSIONS = 10;

/**
 * The registered schemas of one event type. An event that names a version is held against that one. One that names
 * none is of the newest version that takes it.
 */
export class TypeSchemas {
  /** Oldest first. */
  readonly versions: readonly RegisteredVersion[];
  readonly #compile: (text: string) => CompileSchemaResult;
  readonly #compiled = new Map<string, PayloadSchema | null>();
  readonly #upcasters: readonly Upcaster[];

  constructor(
    versions: readonly RegisteredVersion[],
    compile: (text: string) => CompileSchemaResult = compileSchema,
  ) {
    this.versions = versions.toSorted((a, b) => compareVersions(a.version, b.version));
    this.#compile = compile;
    this.#upcasters = this.versions.flatMap(({ version: to, upcasters }) =>
      upcasters.map(({ from, steps }) => ({ from: this.#spell(from), to, steps })),
    );
  }

  /** The registered version that this is another spelling of, as 2 is of 2.0. */
  find(version: string): RegisteredVersion | null {
    return this.versions.find((one) => compareVersions(one.version, version) === 0) ?? null;
  }

  judge(event: Judged): Judgement {
    const named = versionOf(event);
    if (named === null) return this.#judgeNameless(event);
    const known = this.find(named);
    if (known === null) {
      const listed = this.versions.slice(-MAX_NAMED_VERSIONS).map(({ version }) => version);
      const reason = `is of version ${named}, which is not registered; registered: ${listed.join(", ")}`;
      return { kind: "violation", version: named, judgedBy: null, problems: [{ path: "", reason }] };
    }
    const problems = this.#problemsOf(known, event.data);
    if (problems.length === 0) return { kind: "valid", version: known.version };
    return { kind: "violation", version: named, judgedBy: known.version, problems };
  }

  /** The payload in the newest version that upcasters lead to from the one that it is of. */
  upcast(event: Judged): UpcastView {
    if (this.#upcasters.length === 0 || event.data.encoding !== "json") return { kind: "current" };
    const from = this.#versionFor(event);
    if (from === null) return { kind: "current" };
    for (const { version: to } of this.versions.toReversed()) {
      if (compareVersions(to, from) <= 0) break;
      const chain = planUpcast(this.#upcasters, from, to);
      if (chain === null || chain.length === 0) continue;
      const result = upcastPayload(event.data.text, chain);
      if (result.kind === "failed") return { kind: "failed", from, to, reason: result.reason };
      return { kind: "upcast", from, to, text: result.text };
    }
    return { kind: "current" };
  }

  #judgeNameless({ data }: Judged): Judgement {
    let newest: { judgedBy: string; problems: readonly SchemaProblem[] } | null = null;
    for (const one of this.versions.slice(-MAX_TRIED).reverse()) {
      const problems = this.#problemsOf(one, data);
      if (problems.length === 0) return { kind: "valid", version: one.version };
      newest ??= { judgedBy: one.version, problems };
    }
    if (newest === null) throw new Error("An event type without schemas can't judge.");
    return { kind: "violation", version: null, ...newest };
  }

  #versionFor(event: Judged): string | null {
    const named = versionOf(event);
    if (named !== null) return this.#spell(named);
    const judgement = this.judge(event);
    return judgement.kind === "valid" ? judgement.version : null;
  }

  #spell(version: string): string {
    return this.find(version)?.version ?? version;
  }

  #problemsOf({ schema }: RegisteredVersion, data: EventEnvelope["data"]): readonly SchemaProblem[] {
    if (data.encoding === "none") return [{ path: "", reason: "has no data" }];
    if (data.encoding !== "json") return [{ path: "", reason: "is no JSON" }];
    let compiled = this.#compiled.get(schema);
    if (compiled === undefined) {
      const result = this.#compile(schema);
      compiled = result.kind === "compiled" ? result.schema : null;
      this.#compiled.set(schema, compiled);
    }
    // Registered by a version of this program that took it; without it nothing can be said against a payload.
    return compiled === null ? [] : compiled.problemsOf(data.text);
  }
}

/** The event as `upcast` shows it, naming its new version; as it is where nothing leads on or a step fails. */
export function withUpcast(event: EventEnvelope, view: UpcastView): EventEnvelope {
  if (view.kind !== "upcast") return event;
  return { ...nameVersion(event, view.to), data: { encoding: "json", text: view.text } };
}

/** What an event does wrong, in a sentence. */
export function describeViolation(
  type: string,
  { judgedBy, problems }: Pick<SchemaViolation, "judgedBy" | "problems">,
): string {
  const [first, ...others] = problems;
  const schema = judgedBy === null ? `the schemas of ${type}` : `the schema of ${type} ${judgedBy}`;
  const place = first?.path ? `${first.path} ` : "the payload ";
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `It violates ${schema}: ${place}${first?.reason ?? "is not valid"}${more}.`;
}
