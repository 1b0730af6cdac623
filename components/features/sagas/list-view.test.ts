import { expect, test } from "vitest";
import { sagaFilterSchema } from "#server/contract/sagas.ts";
import {
  FIRST_VIEW,
  formatSagaView,
  isNarrowed,
  parseSagaView,
  type SagaView,
  sagasHref,
  toggleIn,
  toSagaFilter,
} from "./list-view.ts";

const VIEW: SagaView = {
  state: ["stuck", "failed"],
  type: ["order process", "shop:order.placed"],
  basis: ["mediated"],
  step: "payment & co",
  q: "order 123",
  sort: "longest",
};

test("a view of sagas comes back from its address", () => {
  for (const view of [VIEW, FIRST_VIEW]) {
    expect(parseSagaView(new URLSearchParams(formatSagaView(view).toString()))).toEqual(view);
  }
  expect(sagasHref({})).toBe("/sagas");
  expect(sagasHref({ type: ["a b"], step: "pay", state: ["stuck"] })).toBe(
    "/sagas?state=stuck&type=a+b&step=pay",
  );
});

test("an address that says nothing that can be used is the first view", () => {
  const query = `state=lost&type=&basis=guessed&step=&sort=best&q=${"x".repeat(201)}`;
  expect(parseSagaView(new URLSearchParams(query))).toEqual(FIRST_VIEW);
});

test("the API gets what it takes, and no more than it takes", () => {
  expect(sagaFilterSchema.parse(toSagaFilter(VIEW))).toEqual({
    state: ["stuck", "failed"],
    type: ["order process", "shop:order.placed"],
    basis: ["mediated"],
    step: "payment & co",
    q: "123",
  });
  const many = new URLSearchParams(Array.from({ length: 60 }, (_, index) => ["type", `type ${index}`]));
  expect(sagaFilterSchema.safeParse(toSagaFilter(parseSagaView(many))).success).toBe(true);
});

test("another order alone leaves no saga out", () => {
  expect(isNarrowed({ ...FIRST_VIEW, sort: "oldest", q: "  " })).toBe(false);
  expect(isNarrowed({ ...FIRST_VIEW, state: toggleIn(FIRST_VIEW.state, "stuck") })).toBe(true);
  expect(toggleIn(["stuck", "failed"], "stuck")).toEqual(["failed"]);
});
