import { type PayloadEdit, type ReplayOptionsDto, replayOptionsSchema } from "#server/contract/replays.ts";

/** The numbers of a replay as they are typed. */
export type NumberField = "canary" | "rate" | "concurrency" | "stop" | "stopFrom" | "wait";

/** How a replay is to go, as it is typed and stands in the address. An empty `rate` or `stop` means none. */
export type ReplayDraft = Record<NumberField, string> & Pick<ReplayOptionsDto, "to" | "retries">;

export type DraftProblem = { field: NumberField } & (
  | { kind: "required" | "not-whole" | "not-a-number" }
  | { kind: "too-small" | "too-big"; limit: number }
);

export type ReadDraft =
  | { kind: "valid"; options: ReplayOptionsDto }
  | { kind: "invalid"; problems: DraftProblem[] };

/** A percentage has as many digits as anybody types; a share of 1 would never stop. */
const MAX_STOP_PERCENT = 99.9;

type Limits = { min: number; max: number; isWhole: boolean; isOptional: boolean };
const LIMITS: Record<NumberField, Limits> = {
  canary: { min: 0, max: 10_000, isWhole: true, isOptional: false },
  rate: { min: 0.001, max: 100_000, isWhole: false, isOptional: true },
  concurrency: { min: 1, max: 10_000, isWhole: true, isOptional: false },
  stop: { min: 0, max: MAX_STOP_PERCENT, isWhole: false, isOptional: true },
  stopFrom: { min: 1, max: 1_000_000, isWhole: true, isOptional: false },
  wait: { min: 1, max: 604_800, isWhole: true, isOptional: false },
};

const DEFAULTS = replayOptionsSchema.parse({});

/** What a replay begins with, apart from its canary: how many are tried first depends on how many there are. */
export const DRAFT_DEFAULTS: Omit<ReplayDraft, "canary"> = {
  to: DEFAULTS.to,
  retries: DEFAULTS.retries,
  rate: "",
  concurrency: String(DEFAULTS.concurrency),
  stop: percentOf(DEFAULTS.stop?.share ?? null),
  stopFrom: String(DEFAULTS.stop?.minEnded ?? 20),
  wait: String(DEFAULTS.unknownAfterSeconds),
};

const FULL_CANARY = 10;

/** Of a single letter there is nothing to try first; a handful is judged by one, more by ten. */
export function defaultCanary(items: number): number {
  if (items <= 1) return 0;
  return items <= FULL_CANARY ? 1 : FULL_CANARY;
}

/** Reads what was typed into what the API takes, or says what is wrong with which field. */
export function readReplayDraft(draft: ReplayDraft, edit: PayloadEdit | null): ReadDraft {
  const problems: DraftProblem[] = [];
  const read = (field: NumberField): number | null => {
    const problem = problemOf(field, draft[field]);
    if (problem !== null) problems.push(problem);
    const text = draft[field].trim();
    return problem !== null || text === "" ? null : Number(text);
  };
  const [canary, rate, concurrency, percent, minEnded, wait] = [
    read("canary"),
    read("rate"),
    read("concurrency"),
    read("stop"),
    draft.stop.trim() === "" ? null : read("stopFrom"),
    read("wait"),
  ];
  if (problems.length > 0) return { kind: "invalid", problems };
  return {
    kind: "valid",
    options: {
      to: draft.to,
      retries: draft.retries,
      canary: canary ?? 0,
      ratePerSecond: rate,
      concurrency: concurrency ?? DEFAULTS.concurrency,
      stop: percent === null ? null : { share: shareOf(percent), minEnded: minEnded ?? 1 },
      unknownAfterSeconds: wait ?? DEFAULTS.unknownAfterSeconds,
      edit,
    },
  };
}

/** The draft that gives these options when it is read. */
export function draftOfOptions(options: ReplayOptionsDto): ReplayDraft {
  return {
    to: options.to,
    retries: options.retries,
    canary: String(options.canary),
    rate: options.ratePerSecond === null ? "" : String(options.ratePerSecond),
    concurrency: String(options.concurrency),
    stop: percentOf(options.stop?.share ?? null),
    stopFrom: String(options.stop?.minEnded ?? DRAFT_DEFAULTS.stopFrom),
    wait: String(options.unknownAfterSeconds),
  };
}

function problemOf(field: NumberField, typed: string): DraftProblem | null {
  const { min, max, isWhole, isOptional } = LIMITS[field];
  const text = typed.trim();
  if (text === "") return isOptional ? null : { field, kind: "required" };
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return { field, kind: isWhole ? "not-whole" : "not-a-number" };
  const value = Number(text);
  if (isWhole && !Number.isInteger(value)) return { field, kind: "not-whole" };
  if (value < min) return { field, kind: "too-small", limit: min };
  return value > max ? { field, kind: "too-big", limit: max } : null;
}

/** Percent and share keep the digits that were typed: 7 is 0.07, not 0.07000000000000001. */
function shareOf(percent: number): number {
  return Number((percent / 100).toFixed(8));
}

function percentOf(share: number | null): string {
  return share === null ? "" : String(Number((share * 100).toFixed(6)));
}
