export type ExposedFamily = {
  name: string;
  type: string;
  help: string;
  unit: string | null;
  samples: { name: string; labels: Record<string, string>; value: number }[];
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Record<string, readonly string[]> = {
  gauge: [""],
  counter: ["_total", "_created"],
  histogram: ["_bucket", "_count", "_sum", "_created"],
};

/** Reads OpenMetrics 1.0 and says everything that breaks its rules: metadata, names, units, order, histograms. */
export function lintExposition(text: string): { families: ExposedFamily[]; faults: string[] } {
  const faults: string[] = [];
  const families = new Map<string, ExposedFamily>();
  const lines = text.split("\n");
  if (lines.pop() !== "") faults.push("The last line does not end.");
  if (lines.pop() !== "# EOF") faults.push("It does not end in # EOF.");
  let current: ExposedFamily | null = null;
  const seen = new Set<string>();
  for (const line of lines) {
    const meta = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line);
    if (meta) {
      const [, kind = "", name = "", rest = ""] = meta;
      if (kind === "HELP") {
        if (families.has(name)) faults.push(`${name} stands twice.`);
        current = { name, type: "", help: rest, unit: null, samples: [] };
        families.set(name, current);
      } else if (current?.name !== name) faults.push(`${kind} of ${name} stands elsewhere.`);
      else if (current.samples.length > 0) faults.push(`${kind} of ${name} stands after its samples.`);
      else if (kind === "TYPE") current.type = rest;
      else current.unit = rest;
      continue;
    }
    const sample = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null || current === null) {
      faults.push(`Not a sample: ${line}`);
      continue;
    }
    const [, name = "", labelText = "", value = ""] = sample;
    if (seen.has(`${name}{${labelText}}`)) faults.push(`${name}{${labelText}} stands twice.`);
    seen.add(`${name}{${labelText}}`);
    current.samples.push({
      name,
      labels: readLabels(labelText, faults),
      value: Number(value.replace("Inf", "Infinity")),
    });
  }
  for (const family of families.values()) faults.push(...faultsOf(family));
  return { families: [...families.values()], faults };
}

function readLabels(text: string, faults: string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
  while (label.lastIndex < text.length) {
    const at = label.lastIndex;
    const found = label.exec(text);
    if (found === null) {
      faults.push(`Labels can't be read at ${at}: ${text}`);
      return labels;
    }
    const [, name = "", value = ""] = found;
    if (labels[name] !== undefined) faults.push(`The label ${name} stands twice: ${text}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one));
  }
  return labels;
}

function faultsOf({ name, type, help, unit, samples }: ExposedFamily): string[] {
  const faults: string[] = [];
  const suffixes = SUFFIXES[type];
  if (!NAME.test(name)) faults.push(`${name} is no name.`);
  if (help === "") faults.push(`${name} has no HELP.`);
  if (suffixes === undefined) return [...faults, `${name} has no known TYPE: ${type}.`];
  if (unit !== null && !name.endsWith(`_${unit}`)) faults.push(`${name} does not end in its unit ${unit}.`);
  if (/_(total|created|bucket|count|sum|info)$/.test(name))
    faults.push(`${name} ends in what belongs to a type.`);
  for (const { name: full, labels, value } of samples) {
    const suffix = full.startsWith(name) ? full.slice(name.length) : full;
    if (!suffixes.includes(suffix)) faults.push(`${full} is no sample of the ${type} ${name}.`);
    if (Number.isNaN(value)) faults.push(`${full} is no number.`);
    if (type !== "gauge" && value < 0) faults.push(`${full} is below zero.`);
    if ((suffix === "_bucket") !== (labels.le !== undefined))
      faults.push(`${full} has a bound where none belongs.`);
  }
  if (type === "histogram") faults.push(...faultsOfBuckets(name, samples));
  return faults;
}

function faultsOfBuckets(name: string, samples: ExposedFamily["samples"]): string[] {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest));
  return [...series.values()].flatMap((own) => {
    const buckets = own.filter((one) => one.name === `${name}_bucket`);
    const count = own.find((one) => one.name === `${name}_count`)?.value;
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace("+Inf", "Infinity")));
    const isAscending = buckets.every(
      ({ value }, index) =>
        index === 0 ||
        (value >= (buckets[index - 1]?.value ?? 0) && (bounds[index] ?? 0) > (bounds[index - 1] ?? 0)),
    );
    return [
      ...(isAscending ? [] : [`${name} has buckets that do not add up.`]),
      ...(bounds.at(-1) === Infinity ? [] : [`${name} has no last bucket.`]),
      ...(buckets.at(-1)?.value === count ? [] : [`${name} counts otherwise than its buckets.`]),
    ];
  });
}
