import { expect, test } from "vitest";
import { figuresOf, type OrderTimes } from "./order-figures.ts";

const order = (given: Partial<OrderTimes>): OrderTimes => ({
  correlationId: "order-1",
  takenAt: 1_000,
  answeredAt: null,
  completedAt: null,
  state: "under-way",
  isHalfDone: false,
  ...given,
});

test("no orders have no times", () => {
  expect(figuresOf([])).toEqual({
    orders: 0,
    completed: 0,
    failed: 0,
    refused: 0,
    underWay: 0,
    halfDone: 0,
    answered: 0,
    answerMs: null,
    doneMs: null,
    lastFailed: null,
  });
});

test("percentiles are values that were measured, each from when its order was taken", () => {
  const orders = Array.from({ length: 20 }, (_, index) =>
    order({
      state: "completed",
      takenAt: index * 10,
      answeredAt: index * 10 + 5,
      completedAt: index * 10 + index + 1,
    }),
  );
  const { answerMs, doneMs, answered } = figuresOf(orders);
  expect(answered).toBe(20);
  expect(answerMs).toEqual({ p50: 5, p95: 5 });
  expect(doneMs).toEqual({ p50: 10, p95: 19 });
});

test("an error is an answer, but nothing is done by it", () => {
  const figures = figuresOf([
    order({ state: "failed", answeredAt: 3_000, isHalfDone: true, correlationId: "order-2", takenAt: 900 }),
    order({ state: "failed", answeredAt: 1_200, correlationId: "order-3" }),
    order({ state: "refused", answeredAt: 1_100 }),
    order({}),
  ]);
  expect(figures).toMatchObject({ orders: 4, failed: 2, refused: 1, underWay: 1, halfDone: 1, answered: 3 });
  expect(figures.answerMs).toEqual({ p50: 200, p95: 2_100 });
  expect(figures.doneMs).toBeNull();
  expect(figures.lastFailed).toBe("order-3");
});

test("clocks that differ make no time negative", () => {
  expect(figuresOf([order({ answeredAt: 990 })]).answerMs).toEqual({ p50: 0, p95: 0 });
});
