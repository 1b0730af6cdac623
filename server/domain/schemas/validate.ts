import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { boundedText } from "../bounded-text.ts";
import { appendToken } from "../json-pointer.ts";
import { ASSERTED_FORMATS } from "./formats.ts";
import type { JsonSchema } from "./json-schema.ts";
import { valueText } from "./json-value.ts";
import { compilePattern } from "./pattern.ts";
import { readSchema, type SchemaProblem } from "./read-schema.ts";

/**
 * Judges payloads by JSON Schemas 2020-12. Formats of the standard are asserted.
 *
 * Numbers are compared as doubles, so limits beyond 2^53 are not exact; the payload itself is only read. Time is
 * bounded for patterns, references and formats; a schema that recurses through several branches at once can still
 * be slow on deep data, which is why schemas are for operators to write and depth is limited on the way in.
 */
export type PayloadSchema = {
  /** What is wrong with a payload, in its JSON text: nothing when it is valid, and never more than a few. */
  problemsOf(payload: string): readonly SchemaProblem[];
};

export type CompileSchemaResult =
  | { kind: "compiled"; schema: PayloadSchema }
  | { kind: "refused"; problems: readonly SchemaProblem[] };

const MAX_PROBLEMS = 20;
const MAX_REASON = 300;
const MAX_PATH = 500;
/** Up to this size a payload is looked through to its end for the problems after the first. */
const MAX_LENGTH_FOR_ALL = 32 * 1024;

/** Compiles the text of a schema, or says at which places it can't be used, and why. */
export function compileSchema(text: string): CompileSchemaResult {
  const read = readSchema(text);
  if (read.kind === "refused") return read;
  const problems = problemsByMetaSchema(read.schema);
  if (problems.length > 0) return { kind: "refused", problems };
  try {
    return { kind: "compiled", schema: new CompiledSchema(read.schema) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "refused", problems: [{ path: "", reason: boundedText(reason, MAX_REASON) }] };
  }
}

/**
 * Compiles each schema once. The ones used longest ago are forgotten beyond `capacity`; a schema is known by its
 * text, so that a changed one is never taken for the old one.
 */
export function createSchemaCache(capacity: number): (text: string) => CompileSchemaResult {
  const known = new Map<string, CompileSchemaResult>();
  return (text) => {
    const result = known.get(text) ?? compileSchema(text);
    known.delete(text);
    known.set(text, result);
    const [oldest] = known.keys();
    if (known.size > capacity && oldest !== undefined) known.delete(oldest);
    return result;
  };
}

class CompiledSchema implements PayloadSchema {
  readonly #schema: JsonSchema;
  readonly #first: ValidateFunction;
  #all: ValidateFunction | null = null;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#first = compile(schema, false);
  }

  problemsOf(payload: string): readonly SchemaProblem[] {
    const value = parse(payload);
    if (value === undefined) return [{ path: "", reason: "is no JSON" }];
    try {
      if (this.#first(value)) return [];
      if (payload.length > MAX_LENGTH_FOR_ALL) return describeErrors(this.#first.errors);
      this.#all ??= compile(this.#schema, true);
      this.#all(value);
      return describeErrors(this.#all.errors);
    } catch (error) {
      if (error instanceof RangeError) return [{ path: "", reason: "is nested too deeply to be judged" }];
      throw error;
    }
  }
}

/** One instance for each schema: ids and anchors of two schemas must not meet. */
function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors,
    strict: false,
    logger: false,
    // Checked before, once and for all instances.
    meta: false,
    validateSchema: false,
    ownProperties: true,
    multipleOfPrecision: 9,
    code: { regExp: Object.assign(boundedRegExp, { code: "" }) },
  });
  addFormats(ajv, { formats: [...ASSERTED_FORMATS] });
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({ keyword: "uniqueItems", type: "array", schemaType: "boolean", validate: isUnique });
  return ajv.compile(schema);
}

let metaValidator: Ajv2020 | null = null;

function problemsByMetaSchema(schema: JsonSchema): SchemaProblem[] {
  // The same for every schema and never changed, and it takes a twentieth of a second to build.
  metaValidator ??= new Ajv2020({ strict: false, logger: false, allErrors: true, validateFormats: false });
  return metaValidator.validateSchema(schema) === true ? [] : describeErrors(metaValidator.errors);
}

function boundedRegExp(source: string): { test(text: string): boolean; toString(): string } {
  const result = compilePattern(source);
  if (result.kind === "refused") throw new Error(`The pattern "${source.slice(0, 100)}" ${result.reason}.`);
  // Ajv tells patterns apart by this text.
  return { test: (text) => result.pattern.test(text), toString: () => `/${source}/u` };
}

/** Ajv compares every two items, which for a large array never ends. */
function isUnique(isWanted: boolean, items: unknown[]): boolean {
  return !isWanted || new Set(items.map(valueText)).size === items.length;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function describeErrors(errors: readonly ErrorObject[] | null | undefined): SchemaProblem[] {
  const problems = new Map<string, SchemaProblem>();
  for (const error of errors ?? []) {
    const problem = describeProblem(error);
    problems.set(JSON.stringify(problem), problem);
    if (problems.size >= MAX_PROBLEMS) break;
  }
  return [...problems.values()];
}

function describeProblem({ instancePath, keyword, params, message }: ErrorObject): SchemaProblem {
  const at = (property: unknown) => boundedText(appendToken(instancePath, String(property)), MAX_PATH);
  const path = boundedText(instancePath, MAX_PATH);
  switch (keyword) {
    case "required":
      return { path: at(params.missingProperty), reason: "is required" };
    case "additionalProperties":
      return { path: at(params.additionalProperty), reason: "is not allowed here" };
    case "unevaluatedProperties":
      return { path: at(params.unevaluatedProperty), reason: "is not allowed here" };
    case "propertyNames":
      return { path: at(params.propertyName), reason: "has a name that is not allowed" };
    case "enum":
      return { path, reason: boundedText(`must be one of ${list(params.allowedValues)}`, MAX_REASON) };
    case "const":
      return { path, reason: boundedText(`must be ${JSON.stringify(params.allowedValue)}`, MAX_REASON) };
    case "type":
      return { path, reason: `must be ${String(params.type).replaceAll(",", " or ")}` };
    case "uniqueItems":
      return { path, reason: "must not hold the same item twice" };
    case "false schema":
      return { path, reason: "is not allowed here" };
    default:
      return { path, reason: boundedText(message ?? `fails "${keyword}"`, MAX_REASON) };
  }
}

function list(values: unknown): string {
  return Array.isArray(values)
    ? values
        .slice(0, 20)
        .map((value) => JSON.stringify(value))
        .join(", ")
    : "";
}
