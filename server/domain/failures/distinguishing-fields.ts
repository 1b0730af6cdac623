import { compareNumbers } from "../exact-number.ts";
import {
  type Fact,
  factKey,
  factsOf,
  joinRanges,
  type Measure,
  type PayloadFacts,
  type Range,
} from "./payload-facts.ts";
import { fisherExact, logFactorials, wilsonBounds } from "./statistics.ts";

export type DistinguishingField = {
  /** JSON Pointer, in which `*` stands for every element of an array: one of them is enough. */
  pointer: string;
  fact: Fact;
  /** How many failing payloads it is true of, of those that could be read. */
  failing: number;
  succeeding: number;
  /** How much more often it is true of failing payloads, at least: from 0 to 1, with 95 percent confidence on either side. */
  separation: number;
  /** How likely it is that chance alone makes such a difference, for one fact that is looked at by itself. */
  pValue: number;
};

export type FieldComparison = {
  /** What the most telling fact of each place is, most telling place first. */
  fields: DistinguishingField[];
  failing: SampleSize;
  succeeding: SampleSize;
  /** Facts that were compared; the more there are, the stronger one of them must be to be shown. */
  compared: number;
  /** Payloads had more places than are looked at, or there were more facts than are compared. */
  isCut: boolean;
};
export type SampleSize = { read: number; unreadable: number };

/** A fact that most failing payloads lack explains nothing. */
const MIN_SHARE = 0.5;
/** The part of comparisons of samples without any difference in which a field may be shown all the same. */
const MAX_CHANCE = 0.01;
const MAX_CANDIDATES = 5000;
const MAX_FIELDS = 20;

/**
 * What failing payloads have in common and succeeding ones don't: "all 412 have `currency: null`; 0 of 9,000 that
 * succeeded do". The counts are exact for the payloads given, and numbers are compared by their text.
 *
 * Every fact that at least half of the failing payloads share is compared. One is shown when Fisher's exact test
 * finds it too unlikely to be chance, by Bonferroni's correction for the number of facts compared; they are ordered
 * by the lower Wilson bound of their share among the failing less the upper one among the succeeding, so that a large
 * difference in few payloads doesn't stand before the same one in many. This is how contrast sets are mined (S. D.
 * Bay, M. J. Pazzani, "Detecting Group Differences: Mining Contrast Sets", Data Mining and Knowledge Discovery 5,
 * 2001), with facts of single fields as the sets. Association is no proof of a cause: it says where to look.
 */
export function distinguishingFields(
  failing: readonly string[],
  succeeding: readonly string[],
  limit = MAX_FIELDS,
): FieldComparison {
  const failed = failing.map(factsOf).filter((facts) => facts !== null);
  const { candidates, isCut } = listCandidates(failed);
  const passed = countIn(succeeding, candidates);
  const missing = listMissing(failed, passed.present);
  const all = [...candidates, ...missing].map((candidate) => ({
    ...candidate,
    succeeding:
      passed.counts.get(candidate.key) ?? passed.read - (passed.present.get(candidate.pointer) ?? 0),
  }));
  const logs = logFactorials(failed.length + passed.read);
  const judged = all.map(({ pointer, fact, failing: holds, succeeding: holdsElsewhere }) => {
    const counts = { holds, of: failed.length, holdsElsewhere, ofElsewhere: passed.read };
    const separation =
      wilsonBounds(holds, counts.of).lower - wilsonBounds(holdsElsewhere, counts.ofElsewhere).upper;
    return {
      pointer,
      fact,
      failing: holds,
      succeeding: holdsElsewhere,
      separation,
      pValue: fisherExact(counts, logs),
    };
  });
  const telling = judged.filter(
    ({ separation, pValue }) => separation > 0 && pValue * all.length <= MAX_CHANCE,
  );
  return {
    fields: mostTelling(telling).slice(0, limit),
    failing: { read: failed.length, unreadable: failing.length - failed.length },
    succeeding: { read: passed.read, unreadable: succeeding.length - passed.read },
    compared: all.length,
    isCut: isCut || passed.isCut,
  };
}

/** A fact and in how many failing payloads it holds; of a bound, the range that it bounds. */
type Candidate = { pointer: string; fact: Fact; key: string; failing: number; range?: Bound };
type Bound = { key: string; side: "at-least" | "at-most"; range: Range };

function listCandidates(failed: readonly PayloadFacts[]): { candidates: Candidate[]; isCut: boolean } {
  const enough = Math.max(1, failed.length * MIN_SHARE);
  const facts = new Map<string, Candidate>();
  const ranges = new Map<string, { pointer: string; measure: Measure; range: Range; count: number }>();
  for (const payload of failed) {
    for (const [key, { pointer, fact }] of payload.facts) {
      const known = facts.get(key);
      if (known === undefined) facts.set(key, { pointer, fact, key, failing: 1 });
      else facts.set(key, { ...known, fact: firstWritten(known.fact, fact), failing: known.failing + 1 });
    }
    for (const [key, { pointer, measure, range }] of payload.ranges) {
      const known = ranges.get(key);
      const joined = known === undefined ? range : joinRanges(known.range, range);
      ranges.set(key, { pointer, measure, range: joined, count: (known?.count ?? 0) + 1 });
    }
  }
  const bounds = [...ranges].flatMap(([key, { pointer, measure, range, count }]) =>
    count < enough ? [] : boundsOf(key, pointer, measure, range, count),
  );
  const common = [...facts.values()].filter(({ failing }) => failing >= enough);
  const all = [...common, ...bounds].sort((a, b) => compareTexts(a.key, b.key));
  const isCut = all.length > MAX_CANDIDATES || failed.some((payload) => payload.isCut);
  return { candidates: all.slice(0, MAX_CANDIDATES), isCut };
}

function boundsOf(
  key: string,
  pointer: string,
  measure: Measure,
  range: Range,
  failing: number,
): Candidate[] {
  return (["at-least", "at-most"] as const).map((side) => {
    const bound = side === "at-least" ? range.min.literal : range.max.literal;
    const fact: Fact = { kind: side, measure, bound };
    return { pointer, fact, key: factKey(pointer, fact), failing, range: { key, side, range } };
  });
}

/** Of two ways to write one value always the same one, whichever payload comes first. */
function firstWritten(a: Fact, b: Fact): Fact {
  return a.kind === "value" && b.kind === "value" && b.json < a.json ? b : a;
}

/** How often the candidates hold, and how often each place is there. */
type Counted = { counts: Map<string, number>; present: Map<string, number>; read: number; isCut: boolean };

/** One payload after the other: of thousands, no more than the counts is kept. */
function countIn(payloads: readonly string[], candidates: readonly Candidate[]): Counted {
  const counts = new Map(candidates.map(({ key }) => [key, 0]));
  const bounds = Map.groupBy(candidates, ({ range }) => range?.key);
  const counted: Counted = { counts, present: new Map(), read: 0, isCut: false };
  for (const payload of payloads) {
    const found = factsOf(payload);
    if (found === null) continue;
    counted.read += 1;
    counted.isCut ||= found.isCut;
    for (const [key, { pointer, fact }] of found.facts) {
      increment(counts, key, false);
      if (fact.kind === "present") increment(counted.present, pointer, counted.present.size < MAX_CANDIDATES);
    }
    for (const [key, { range }] of found.ranges) {
      for (const candidate of bounds.get(key) ?? []) {
        if (keepsTo(candidate.range, range)) increment(counts, candidate.key, false);
      }
    }
  }
  return counted;
}

function increment(counts: Map<string, number>, key: string, mayBeNew: boolean): void {
  const count = counts.get(key);
  if (count !== undefined || mayBeNew) counts.set(key, (count ?? 0) + 1);
}

function keepsTo(bound: Bound | undefined, { min, max }: Range): boolean {
  if (bound === undefined) return false;
  return bound.side === "at-least"
    ? compareNumbers(min.number, bound.range.min.number) >= 0
    : compareNumbers(max.number, bound.range.max.number) <= 0;
}

/** Places that most failing payloads don't have, of those that succeeding ones do. */
function listMissing(failed: readonly PayloadFacts[], present: ReadonlyMap<string, number>): Candidate[] {
  const fact: Fact = { kind: "missing" };
  return [...present.keys()].flatMap((pointer) => {
    const key = factKey(pointer, { kind: "present" });
    const failing = failed.filter(({ facts }) => !facts.has(key)).length;
    if (failing < Math.max(1, failed.length * MIN_SHARE)) return [];
    return [{ pointer, fact, key: factKey(pointer, fact), failing }];
  });
}

/** What says most stands first: which value it is, rather than that it is a string. */
const TELLING_ORDER: readonly Fact["kind"][] = [
  "value",
  "empty",
  "missing",
  "format",
  "shape",
  "at-least",
  "at-most",
  "type",
  "present",
];

/** One fact for each place, without places of which the object around them says the same. */
function mostTelling(fields: readonly DistinguishingField[]): DistinguishingField[] {
  const chosen = new Map<string, DistinguishingField>();
  for (const field of [...fields].sort(compareFields)) {
    if (!chosen.has(field.pointer) && !isSaidAbove(field, chosen)) chosen.set(field.pointer, field);
  }
  return [...chosen.values()];
}

function compareFields(a: DistinguishingField, b: DistinguishingField): number {
  return (
    b.separation - a.separation ||
    TELLING_ORDER.indexOf(a.fact.kind) - TELLING_ORDER.indexOf(b.fact.kind) ||
    a.pointer.length - b.pointer.length ||
    compareTexts(factKey(a.pointer, a.fact), factKey(b.pointer, b.fact))
  );
}

/** Where an object is missing, or null, everything in it is missing, too; where it is new, so is what is in it. */
function isSaidAbove({ pointer, fact }: DistinguishingField, chosen: ReadonlyMap<string, unknown>): boolean {
  if (fact.kind !== "missing" && fact.kind !== "present") return false;
  const parts = pointer.split("/");
  return parts.some((_, depth) => depth > 0 && chosen.has(parts.slice(0, depth).join("/")));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
