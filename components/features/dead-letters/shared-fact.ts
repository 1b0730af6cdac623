import { z } from "zod";
import type { CaseFieldsDto } from "#server/contract/failure-cases.ts";

/** What may be true of a place in payloads, as the API says it. */
const factSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("missing") }),
  z.object({ kind: z.literal("present") }),
  z.object({ kind: z.literal("empty") }),
  z.object({ kind: z.literal("type"), type: z.string() }),
  z.object({ kind: z.literal("value"), json: z.string() }),
  z.object({ kind: z.literal("format"), format: z.string() }),
  z.object({ kind: z.literal("shape"), shape: z.string() }),
  z.object({
    kind: z.enum(["at-least", "at-most"]),
    measure: z.enum(["value", "length", "elements"]),
    bound: z.string(),
  }),
]);
type Fact = z.infer<typeof factSchema>;

export type FactWords = {
  key:
    | "missing"
    | "present"
    | "empty"
    | "type"
    | "value"
    | "format"
    | "shape"
    | "atLeast"
    | "atMost"
    | "lengthAtLeast"
    | "lengthAtMost"
    | "elementsAtLeast"
    | "elementsAtMost";
  /** The place, without the slash that it begins with; empty for the payload as a whole. */
  place: string;
  /** The value, type, look or bound that the fact is about. */
  detail: string;
};

const BOUNDS = {
  "at-least": { value: "atLeast", length: "lengthAtLeast", elements: "elementsAtLeast" },
  "at-most": { value: "atMost", length: "lengthAtMost", elements: "elementsAtMost" },
} as const;

/** Which sentence says a fact, and what stands in it; null for a kind of fact that this page does not know. */
export function readFact({
  pointer,
  fact,
}: Pick<CaseFieldsDto["fields"][number], "pointer" | "fact">): FactWords | null {
  const parsed = factSchema.safeParse(fact);
  if (!parsed.success) return null;
  const place = pointer.replace(/^\//, "").replaceAll("~1", "/").replaceAll("~0", "~");
  return { place, ...wordsOf(parsed.data) };
}

function wordsOf(fact: Fact): Pick<FactWords, "key" | "detail"> {
  switch (fact.kind) {
    case "missing":
    case "present":
    case "empty":
      return { key: fact.kind, detail: "" };
    case "type":
      // `null` is a type with one value, which says more.
      return fact.type === "null" ? { key: "value", detail: "null" } : { key: "type", detail: fact.type };
    case "value":
      return { key: "value", detail: fact.json };
    case "format":
      return { key: "format", detail: fact.format };
    case "shape":
      return { key: "shape", detail: fact.shape };
    default:
      return { key: BOUNDS[fact.kind][fact.measure], detail: fact.bound };
  }
}
