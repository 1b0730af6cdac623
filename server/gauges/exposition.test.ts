import { readFileSync } from "node:fs";
import parsePrometheus from "parse-prometheus-text-format";
import { describe, expect, test } from "vitest";
import { OTHER_VALUE } from "#server/domain/metrics/catalogue.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { systemClock } from "#server/platform/clock.ts";
import { CountMeter, MAX_KEPT_APART, TimeMeter } from "#server/platform/meters.ts";
import { counted, type Family, writeExposition } from "./exposition.ts";
import { Meters } from "./meters.ts";
import { listProcessFamilies } from "./process-families.ts";
import type { Sample } from "./sample.ts";
import { listSystemFamilies } from "./system-families.ts";
import { lintExposition } from "./testing/lint-exposition.ts";

const meter = new CountMeter();
meter.add(7);
const times = new TimeMeter();
for (const seconds of [0.001, 0.0011, 0.3, 1, 500]) times.add(seconds);

const families: Family[] = [
  {
    name: "nagare_waiting_seconds",
    help: "How long.",
    unit: "seconds",
    type: "gauge",
    values: [{ labels: { consumer: 'a "quoted" \\ one\nin two lines' }, value: 0.5 }],
  },
  {
    name: "nagare_taken_events",
    help: "How many.",
    unit: "events",
    type: "counter",
    values: [counted({ type: "order.placed" }, meter)],
  },
  {
    name: "nagare_write_seconds",
    help: "How long.",
    unit: "seconds",
    type: "histogram",
    values: [{ labels: { consumer: "billing" }, times }],
  },
];

describe("An exposition", () => {
  test("keeps the rules of OpenMetrics, and says what it was given", async () => {
    const text = await writeExposition(families, "openmetrics");
    const { families: read, faults } = lintExposition(text);
    expect(faults).toEqual([]);
    expect(read.map(({ name, type, unit }) => [name, type, unit])).toEqual([
      ["nagare_waiting_seconds", "gauge", "seconds"],
      ["nagare_taken_events", "counter", "events"],
      ["nagare_write_seconds", "histogram", "seconds"],
    ]);
    expect(read[0]?.samples[0]).toEqual({
      name: "nagare_waiting_seconds",
      labels: { consumer: 'a "quoted" \\ one\nin two lines' },
      value: 0.5,
    });
    expect(read[1]?.samples).toMatchObject([
      { name: "nagare_taken_events_total", labels: { type: "order.placed" }, value: 7 },
      { name: "nagare_taken_events_created", value: meter.createdMs / 1000 },
    ]);
    const bucket = (le: string) => read[2]?.samples.find(({ labels }) => labels.le === le)?.value;
    expect([bucket("0.001"), bucket("0.0025"), bucket("1.0"), bucket("300.0"), bucket("+Inf")]).toEqual([
      1, 2, 4, 4, 5,
    ]);
  });

  test("is read by the parser of somebody else, in the format of Prometheus", async () => {
    const read = parsePrometheus(await writeExposition(families, "prometheus"));
    expect(read).toMatchObject([
      { name: "nagare_waiting_seconds", type: "GAUGE", metrics: [{ value: "0.5" }] },
      {
        name: "nagare_taken_events_total",
        type: "COUNTER",
        metrics: [{ value: "7", labels: { type: "order.placed" } }],
      },
      {
        name: "nagare_write_seconds",
        type: "HISTOGRAM",
        metrics: [{ buckets: { "0.001": "1", "1.0": "4", "+Inf": "5" } }],
      },
    ]);
  });

  test("keeps a bounded number of consumers apart, and the others together", async () => {
    const samples = Array.from({ length: MAX_KEPT_APART + 50 }, (_, index): Sample[] => [
      { metric: "backlog", labels: { consumer: `consumer-${String(index).padStart(3, "0")}` }, value: 2 },
      {
        metric: "oldest_waiting",
        labels: { consumer: `consumer-${String(index).padStart(3, "0")}` },
        value: index,
      },
    ]).flat();
    const system = {
      looks: [{ takenMs: 0, samples }],
      inexact: new Set<string>(),
      databaseTotals: null,
      openLetters: { parked: 0, replaying: 0 },
    };
    const { families: read, faults } = lintExposition(
      await writeExposition(listSystemFamilies(system), "openmetrics"),
    );
    expect(faults).toEqual([]);
    const others = (name: string) =>
      read
        .find((family) => family.name === name)
        ?.samples.filter(({ labels }) => labels.consumer === OTHER_VALUE);
    expect(others("nagare_consumer_backlog_deliveries")).toMatchObject([{ value: 100 }]);
    expect(others("nagare_consumer_oldest_waiting_seconds")).toMatchObject([{ value: MAX_KEPT_APART + 49 }]);
    expect(read.every(({ samples: own }) => own.length <= MAX_KEPT_APART + 1)).toBe(true);
  });

  test("says that the database does not answer", async () => {
    const { families: read, faults } = lintExposition(
      await writeExposition(listSystemFamilies(null), "openmetrics"),
    );
    expect(faults).toEqual([]);
    expect(read.flatMap(({ samples }) => samples)).toEqual([
      { name: "nagare_database_up", labels: {}, value: 0 },
    ]);
  });
});

describe("The lint", () => {
  test.each([
    [
      "a unit that the name does not end in",
      "# HELP a_b x.\n# TYPE a_b gauge\n# UNIT a_b seconds\na_b 1\n# EOF\n",
    ],
    ["a counter without its suffix", "# HELP a x.\n# TYPE a counter\na 1\n# EOF\n"],
    ["a text that does not end", "# HELP a x.\n# TYPE a gauge\na 1\n"],
    ["a unit after the samples", "# HELP a_s x.\n# TYPE a_s gauge\na_s 1\n# UNIT a_s s\n# EOF\n"],
    ["a label twice", '# HELP a x.\n# TYPE a gauge\na{b="1",b="2"} 1\n# EOF\n'],
    ["a sample twice", "# HELP a x.\n# TYPE a gauge\na 1\na 2\n# EOF\n"],
    [
      "buckets that shrink",
      '# HELP a x.\n# TYPE a histogram\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1\n# EOF\n',
    ],
  ])("finds %s", (_, text) => {
    expect(lintExposition(text).faults).not.toEqual([]);
  });
});

test("every metric that the dashboard names is exposed", () => {
  const dashboard = readFileSync(new URL("../../docs/grafana/nagare.json", import.meta.url), "utf8");
  expect(JSON.parse(dashboard)).toMatchObject({ title: "Nagare" });
  const ingest = new Ingest(async () => [], { clock: systemClock, onCommit: () => {} });
  const exposed = [...listSystemFamilies(null), ...listProcessFamilies({ ingest, meters: new Meters() })];
  const names = exposed.flatMap(({ name, type }) => {
    if (type === "gauge") return [name];
    return type === "counter" ? [`${name}_total`] : [`${name}_bucket`, `${name}_count`, `${name}_sum`];
  });
  const named = new Set(dashboard.match(/\bnagare_[a-z_]+/g));
  expect([...named].filter((name) => !names.includes(name))).toEqual([]);
  // And the other way round: everything that is measured stands in one of its rooms.
  const shown = (name: string) => [...named].some((one) => one.startsWith(name));
  expect(exposed.map(({ name }) => name).filter((name) => !shown(name))).toEqual([]);
});
