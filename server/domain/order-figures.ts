/** `refused` was decided by a service that was well, such as a bank; `failed` went wrong. */
export const ORDER_STATES = ["completed", "failed", "refused", "under-way"] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What became of one order. Times in milliseconds since 1970. */
export type OrderTimes = {
  correlationId: string;
  /** When the customer asked for it. */
  takenAt: number;
  /** When the customer got an answer, whatever it was; null while there is none. */
  answeredAt: number | null;
  /** When the last thing was done for an order that was completed. */
  completedAt: number | null;
  state: OrderState;
  /** It failed, and something that was done for it stands. */
  isHalfDone: boolean;
};

export type Percentiles = { p50: number; p95: number };

/** All that is said about some orders. A percentile is null where it would rest upon nothing. */
export type OrderFigures = {
  orders: number;
  completed: number;
  failed: number;
  refused: number;
  underWay: number;
  halfDone: number;
  /** How many customers have an answer: what `answerMs` rests upon, as `doneMs` does upon those completed. */
  answered: number;
  answerMs: Percentiles | null;
  doneMs: Percentiles | null;
  /** The flow of the newest order that failed. */
  lastFailed: string | null;
};

export function figuresOf(orders: readonly OrderTimes[]): OrderFigures {
  const count = (state: OrderState) => orders.filter((order) => order.state === state).length;
  // The clock that says when it was taken may be another than the one that says when it was answered.
  const since = (order: OrderTimes, at: number | null) =>
    at === null ? [] : [Math.max(0, at - order.takenAt)];
  const answers = orders.flatMap((order) => since(order, order.answeredAt));
  const completions = orders.flatMap((order) => since(order, order.completedAt));
  const failed = orders.filter(({ state }) => state === "failed");
  return {
    orders: orders.length,
    completed: count("completed"),
    failed: failed.length,
    refused: count("refused"),
    underWay: count("under-way"),
    halfDone: orders.filter(({ isHalfDone }) => isHalfDone).length,
    answered: answers.length,
    answerMs: percentilesOf(answers),
    doneMs: percentilesOf(completions),
    lastFailed: failed.toSorted((a, b) => b.takenAt - a.takenAt)[0]?.correlationId ?? null,
  };
}

/** By nearest rank: each is a value that was measured. */
function percentilesOf(values: readonly number[]): Percentiles | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}
