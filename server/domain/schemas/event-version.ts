import type { EventEnvelope } from "../event.ts";

/** The extension attribute in which an event names the version of its type's schema. */
const VERSION_ATTRIBUTE = "dataversion";

/** What a `dataschema` may end in: `…/user.registered/2.0`, `…:v2`, `…/1.json`. */
const VERSION_IN_ADDRESS = /([/:#@])(v?\d+(?:\.\d+){0,3})(\.json)?$/;

type Named = Pick<EventEnvelope, "extensions" | "dataSchema">;

/**
 * The version of its type's schema that an event names: by the extension `dataversion`, or else by what its
 * `dataschema` ends in. Null when it names none.
 */
export function versionOf({ extensions, dataSchema }: Named): string | null {
  const named = extensions?.[VERSION_ATTRIBUTE];
  if (named !== undefined && named !== "") return String(named);
  return dataSchema === null ? null : (VERSION_IN_ADDRESS.exec(dataSchema)?.[2] ?? null);
}

/** The event as one that names this version, in the place in which it named another. */
export function nameVersion(event: EventEnvelope, version: string): EventEnvelope {
  const { extensions, dataSchema } = event;
  if (dataSchema !== null && extensions?.[VERSION_ATTRIBUTE] === undefined) {
    const renamed = dataSchema.replace(
      VERSION_IN_ADDRESS,
      (_, before, _old, after = "") => `${before}${version}${after}`,
    );
    if (renamed !== dataSchema) return { ...event, dataSchema: renamed };
  }
  return { ...event, extensions: { ...extensions, [VERSION_ATTRIBUTE]: version } };
}

/**
 * The order of versions: number by number, so that 1.10 comes after 1.9. `2`, `2.0` and `v2` are the same version;
 * `2.0-beta` comes before it.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let place = 0; place < Math.max(left.length, right.length); place += 1) {
    const order = compareParts(left[place], right[place]);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): string[] {
  return version.replace(/^v(?=\d)/i, "").split(/[._+-]/);
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) {
    const extra = a ?? b ?? "";
    const sign = a === undefined ? -1 : 1;
    if (!isNumber(extra)) return -sign;
    return Number(extra) === 0 ? 0 : sign;
  }
  if (isNumber(a) && isNumber(b)) {
    const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
    return left.length - right.length || compareTexts(left, right);
  }
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? 1 : -1;
  return compareTexts(a, b);
}

function isNumber(part: string): boolean {
  return /^\d+$/.test(part);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
