import { type Counter, Registry } from "prom-client";
import { type CountMeter, TIME_BOUNDS, type TimeMeter } from "#server/platform/meters.ts";

export type Labels = Readonly<Record<string, string>>;

/** One metric in the words of OpenMetrics, with everything that is known of it. */
export type Family = {
  /** Without what a type adds to it, such as `_total`; ends in its unit where it has one. */
  name: string;
  help: string;
  unit: string | null;
} & (
  | { type: "gauge"; values: readonly { labels: Labels; value: number }[] }
  | { type: "counter"; values: readonly { labels: Labels; value: number; createdMs: number | null }[] }
  | { type: "histogram"; values: readonly { labels: Labels; times: TimeMeter }[] }
);

export const EXPOSITIONS = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
} as const;
export type ExpositionFormat = keyof typeof EXPOSITIONS;

/** Counts that a meter holds, as the value of a counter. */
export function counted(labels: Labels, { total, createdMs }: CountMeter) {
  return { labels, value: total, createdMs };
}

/** A metric that shows what is now. */
export function gauge(
  name: string,
  unit: string | null,
  help: string,
  values: { labels: Labels; value: number }[],
): Family {
  return { name, unit, help, type: "gauge", values };
}

/** Writes metrics as text, as OpenMetrics 1.0 asks or as Prometheus took it before. */
export async function writeExposition(
  families: readonly Family[],
  format: ExpositionFormat,
): Promise<string> {
  const isOpen = format === "openmetrics";
  // In neither format is anything added to names here: what OpenMetrics wants is said sample by sample.
  const registry = new Registry();
  const texts: string[] = [];
  for (const family of families) {
    const name = isOpen || family.type !== "counter" ? family.name : `${family.name}_total`;
    const samples = samplesOf(family).filter(({ metricName }) => isOpen || !metricName.endsWith("_created"));
    const written = { name, help: family.help, type: family.type, aggregator: "sum", values: samples };
    // Its types ask for one of its own classes; it uses nothing of them but this.
    registry.registerMetric({ name, get: async () => written } as unknown as Counter);
    const [help = "", type = "", ...lines] = (await registry.getSingleMetricAsString(name)).split("\n");
    const unit = isOpen && family.unit !== null ? [`# UNIT ${name} ${family.unit}`] : [];
    texts.push([help, type, ...unit, ...lines].join("\n"));
  }
  return `${texts.join("\n")}\n${isOpen ? "# EOF\n" : ""}`;
}

type WrittenSample = { metricName: string; labels: Labels; value: number };

function samplesOf(family: Family): WrittenSample[] {
  const { name } = family;
  if (family.type === "gauge")
    return family.values.map(({ labels, value }) => ({ metricName: name, labels, value }));
  if (family.type === "histogram")
    return family.values.flatMap(({ labels, times }) => bucketsOf(name, labels, times));
  return family.values.flatMap(({ labels, value, createdMs }) => [
    { metricName: `${name}_total`, labels, value },
    ...(createdMs === null ? [] : [{ metricName: `${name}_created`, labels, value: createdMs / 1000 }]),
  ]);
}

function bucketsOf(name: string, labels: Labels, times: TimeMeter): WrittenSample[] {
  let below = 0;
  const buckets = [...times.buckets].map((count, index): WrittenSample => {
    below += count;
    return {
      metricName: `${name}_bucket`,
      labels: { ...labels, le: boundText(TIME_BOUNDS[index]) },
      value: below,
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_count`, labels, value: times.count },
    { metricName: `${name}_sum`, labels, value: times.seconds },
    { metricName: `${name}_created`, labels, value: times.createdMs / 1000 },
  ];
}

/** Whole numbers are written with a point, so that a bound has one spelling. */
function boundText(bound: number | undefined): string {
  if (bound === undefined) return "+Inf";
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
