import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileFilters,
  type EventAttributes,
  readAttribute,
  type SubscriptionFilter,
} from "./subscription-filter.ts";

const event: EventAttributes = {
  id: "e-1",
  source: "https://github.com/cloudevents/spec",
  type: "com.github.push",
  subject: "main",
  time: "2026-01-31T10:00:00+09:00",
  dataContentType: "application/json",
  dataSchema: null,
  kind: "domain",
  correlationId: "flow-7",
  causationId: null,
  partitionKey: "main",
  aggregateType: "repository",
  aggregateId: "spec",
  aggregateVersion: 42,
  traceparent: null,
  channel: "pushes",
  extensions: { region: "eu", attempt: 3, urgent: true, Odd: "name" },
};

const lets = (...filters: SubscriptionFilter[]) => compileFilters(filters)(event);

describe("comparisons", () => {
  test.each<[string, SubscriptionFilter, boolean]>([
    ["equal", { exact: { type: "com.github.push" } }, true],
    ["not equal", { exact: { type: "com.github" } }, false],
    ["another case", { exact: { type: "com.github.Push" } }, false],
    ["all of several attributes", { exact: { type: "com.github.push", subject: "main" } }, true],
    ["one of several attributes", { exact: { type: "com.github.push", subject: "next" } }, false],
    ["a beginning", { prefix: { type: "com.github." } }, true],
    ["a beginning that is the whole", { prefix: { type: "com.github.push" } }, true],
    ["a beginning in another case", { prefix: { type: "COM." } }, false],
    ["no beginning", { prefix: { type: "github" } }, false],
    ["an end", { suffix: { source: "/spec" } }, true],
    ["no end", { suffix: { source: "/cloudevents" } }, false],
    ["an integer by its digits", { exact: { aggregateversion: "42" } }, true],
    ["an integer by other digits", { exact: { aggregateversion: "042" } }, false],
    ["an extension's text", { exact: { region: "eu" } }, true],
    ["an extension's integer", { prefix: { attempt: "3" } }, true],
    ["an extension's boolean", { exact: { urgent: "true" } }, true],
    ["a time as it was written", { exact: { time: "2026-01-31T10:00:00+09:00" } }, true],
    ["the same time, written otherwise", { exact: { time: "2026-01-31T01:00:00Z" } }, false],
    ["the version of the specification", { exact: { specversion: "1.0" } }, true],
    ["a missing attribute", { prefix: { dataschema: "h" } }, false],
    ["a missing extension", { exact: { tenant: "a" } }, false],
    ["a property that every object has", { prefix: { constructor: "f" } }, false],
  ])("%s", (_, filter, matches) => {
    expect(lets(filter)).toBe(matches);
  });

  test("every attribute with a column can be asked for by its CloudEvents name", () => {
    const names =
      "id source type subject time datacontenttype kind correlationid partitionkey aggregatetype aggregateid channel";
    for (const name of names.split(" ")) expect(readAttribute(event, name)).toEqual(expect.any(String));
  });
});

describe("combinations", () => {
  const yes: SubscriptionFilter = { exact: { subject: "main" } };
  const no: SubscriptionFilter = { exact: { subject: "next" } };

  test("no filter lets everything through, several must all let through", () => {
    expect(lets()).toBe(true);
    expect(lets(yes, yes)).toBe(true);
    expect(lets(yes, no)).toBe(false);
  });

  test("all, any and not", () => {
    expect(lets({ all: [yes, no] })).toBe(false);
    expect(lets({ any: [no, yes] })).toBe(true);
    expect(lets({ any: [no, no] })).toBe(false);
    expect(lets({ not: no })).toBe(true);
    expect(lets({ not: { exact: { tenant: "a" } } })).toBe(true);
  });
});

const values = fc.constantFrom("a", "ab", "ba", "aba");
const names = fc.constantFrom("type", "subject", "region");
const comparisons = fc.dictionary(names, values, { minKeys: 1, maxKeys: 2 });
const { filter: filters } = fc.letrec<{ filter: SubscriptionFilter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ exact: comparisons }),
    fc.record({ prefix: comparisons }),
    fc.record({ suffix: comparisons }),
    fc.record({ all: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("filter") }),
  ),
}));
const events = fc
  .record({ type: values, subject: fc.option(values), region: fc.option(values) })
  .map(({ region, ...rest }) => ({ ...event, ...rest, extensions: region === null ? null : { region } }));

describe("laws", () => {
  const holds = (filter: SubscriptionFilter, given: EventAttributes) => compileFilters([filter])(given);

  test("not twice is nothing", () => {
    fc.assert(
      fc.property(filters, events, (filter, given) => {
        expect(holds({ not: { not: filter } }, given)).toBe(holds(filter, given));
      }),
    );
  });

  test("not all of them is any of them not", () => {
    fc.assert(
      fc.property(fc.array(filters, { minLength: 1, maxLength: 4 }), events, (list, given) => {
        const anyNot = { any: list.map((filter) => ({ not: filter })) };
        expect(holds({ not: { all: list } }, given)).toBe(holds(anyNot, given));
      }),
    );
  });

  test("a list of filters is the same as all of them", () => {
    fc.assert(
      fc.property(fc.array(filters, { minLength: 1, maxLength: 4 }), events, (list, given) => {
        expect(compileFilters(list)(given)).toBe(holds({ all: list }, given));
      }),
    );
  });

  test("what is equal begins and ends so", () => {
    fc.assert(
      fc.property(comparisons, events, (wanted, given) => {
        if (!holds({ exact: wanted }, given)) return;
        expect(holds({ prefix: wanted }, given)).toBe(true);
        expect(holds({ suffix: wanted }, given)).toBe(true);
      }),
    );
  });
});
