import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRouting, type RoutedEvent } from "./channel-routing.ts";
import { compileGlob } from "./glob.ts";

const route = compileRouting([
  { name: "orders", rules: [{ type: "order.*" }] },
  { name: "eu", rules: [{ source: "/eu/*" }] },
  { name: "eu-payments", rules: [{ type: "payment.*", source: "/eu/*" }, { type: "refund" }] },
  { name: "by-name-only", rules: [] },
]);
const event = (type: string, source = "/shop", channel: string | null = null): RoutedEvent => ({
  type,
  source,
  channel,
});
const channelsOf = (given: RoutedEvent) => route(given).channels;

describe("by rule", () => {
  test("an event travels in every channel with a rule that matches", () => {
    expect(channelsOf(event("order.placed"))).toEqual(["orders"]);
    expect(channelsOf(event("order.placed", "/eu/shop"))).toEqual(["orders", "eu"]);
  });

  test("a rule that names type and source asks for both, and any rule is enough", () => {
    expect(channelsOf(event("payment.done"))).toEqual([]);
    expect(channelsOf(event("payment.done", "/eu/shop"))).toEqual(["eu", "eu-payments"]);
    expect(channelsOf(event("refund"))).toEqual(["eu-payments"]);
  });

  test("an event that no rule matches travels in none", () => {
    expect(route(event("reading"))).toEqual({ channels: [], unknownChannel: null });
  });
});

describe("by name", () => {
  test("the channel that an event names wins over every rule", () => {
    expect(route(event("order.placed", "/eu/shop", "by-name-only"))).toEqual({
      channels: ["by-name-only"],
      unknownChannel: null,
    });
  });

  test("a channel that doesn't exist is said, and no rule guesses another", () => {
    expect(route(event("order.placed", "/shop", "typo"))).toEqual({ channels: [], unknownChannel: "typo" });
  });
});

const words = fc.constantFrom("order", "order.placed", "payment", "a", "", "*");
const globs = fc.constantFrom("*", "order.*", "*.placed", "payment", "a*");
const routings = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("one", "two", "three"),
    rules: fc.array(
      fc.oneof(
        fc.record({ type: globs }),
        fc.record({ source: globs }),
        fc.record({ type: globs, source: globs }),
      ),
      { maxLength: 3 },
    ),
  }),
  { selector: ({ name }) => name },
);
const events = fc.record({
  type: words,
  source: words,
  channel: fc.option(fc.constantFrom("one", "two", "four")),
});

test("what is remembered is what the rules say, for event after event", () => {
  fc.assert(
    fc.property(routings, fc.array(events), (channels, stream) => {
      const compiled = compileRouting(channels);
      for (const { type, source, channel } of stream) {
        const byRule = channels.filter(({ rules }) =>
          rules.some(
            (rule) =>
              (!("type" in rule) || compileGlob(rule.type)(type)) &&
              (!("source" in rule) || compileGlob(rule.source)(source)),
          ),
        );
        const wanted = channel === null ? byRule : channels.filter(({ name }) => name === channel);
        expect(compiled({ type, source, channel }).channels).toEqual(wanted.map(({ name }) => name));
      }
    }),
  );
});

test("a type and a source that meet differently are not taken for each other", () => {
  expect(channelsOf(event("order.a", "b"))).toEqual(["orders"]);
  expect(channelsOf(event("order", ".a b"))).toEqual([]);
});
