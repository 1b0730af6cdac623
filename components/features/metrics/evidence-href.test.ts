import { expect, test } from "vitest";
import { METRIC_NAMES } from "#server/domain/metrics/catalogue.ts";
import { evidenceHref } from "./evidence-href.ts";

const at = { fromMs: Date.parse("2026-01-31T10:00:00Z"), toMs: Date.parse("2026-01-31T10:01:00Z") };
const window = "from=2026-01-31T10%3A00%3A00.000Z&to=2026-01-31T10%3A01%3A00.000Z";

test.each([
  ["events", { type: ["order.placed"], version: ["2"] }, `/events?type=order.placed&${window}`],
  ["events", { source: ["(other)"] }, `/events?${window}`],
  [
    "dead_letters",
    { consumer: ["mail"], type: ["a"] },
    `/dead-letters/letters?consumer=mail&type=a&${window}`,
  ],
  ["backlog", { consumer: ["mail"] }, `/consumers?consumer=mail&${window}`],
  ["sagas", { saga: ["checkout"], state: ["stuck"] }, "/sagas?type=checkout&state=stuck"],
  ["saga_step_time", { saga: ["checkout"], step: ["pay"] }, "/sagas?type=checkout"],
  ["process_cpu", {}, null],
] as const)("a point of %s leads to what it was counted from", (metric, where, href) => {
  const given = Object.fromEntries(Object.entries(where).map(([label, values]) => [label, [...values]]));
  expect(evidenceHref({ metric, where: given, ...at })).toBe(href);
});

test("only what was measured of the machine has no page", () => {
  const without = METRIC_NAMES.filter((metric) => evidenceHref({ metric, where: {}, ...at }) === null);
  expect(without.every((metric) => /^(database|process|event_loop|live)_/.test(metric))).toBe(true);
});
