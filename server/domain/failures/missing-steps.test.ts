import { expect, test } from "vitest";
import { findMissingSteps, type StepEvent } from "./missing-steps.ts";

/** `order>paid>shipped`: each event was caused by the one before it; `+noted` names no cause. */
function flow(text: string): StepEvent[] {
  const ids: string[] = [];
  return text.split(/(?=[>+])/).map((part, index) => {
    const isCaused = part.startsWith(">");
    const type = part.replace(/^[>+]/, "");
    ids.push(`${type}-${index}`);
    return {
      position: String(index),
      id: `${type}-${index}`,
      type,
      source: `/${type.slice(0, 1)}`,
      causationId: isCaused ? (ids[index - 1] ?? null) : null,
    };
  });
}
const handled = (...texts: string[]) => texts.map((text) => ({ event: 0, events: flow(text) }));
const typesOf = (texts: string[], present = "order") =>
  findMissingSteps(handled(...texts), flow(present)).map(({ type, share }) => [type, share]);

test("what usually followed and is not there is missing, most frequent first", () => {
  const flows = ["order>paid>shipped", "order>paid>shipped", "order>paid>packed", "order>paid"];
  expect(typesOf(flows)).toEqual([
    ["paid", 1],
    ["shipped", 0.5],
  ]);
  expect(typesOf(flows, "order+paid")).toEqual([["shipped", 0.5]]);
});

test("what other events of a flow led to is not missing", () => {
  expect(typesOf(["order>paid+noted>filed", "order>paid+noted"])).toEqual([["paid", 1]]);
});

test("where nobody names causes, what came later counts", () => {
  expect(typesOf(["order+paid+shipped", "order+paid"])).toEqual([
    ["paid", 1],
    ["shipped", 0.5],
  ]);
});

test("a step of another source is another step, and nothing is missing where nothing was compared", () => {
  const [step] = findMissingSteps(handled("order>paid"), [{ type: "paid", source: "/elsewhere" }]);
  expect(step).toEqual({ type: "paid", source: "/p", share: 1 });
  expect(findMissingSteps([], flow("order"))).toEqual([]);
});
