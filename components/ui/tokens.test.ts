import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Rgb = readonly [number, number, number];

const THEMES = ["light", "dark"] as const;
const NODES = ["producer", "channel", "consumer", "mediator", "store"] as const;
const STATUSES = ["ok", "warn", "danger", "info"] as const;
const LINES = [
  "chart-1",
  "chart-2",
  "chart-3",
  "chart-4",
  "chart-5",
  "chart-6",
  "chart-7",
  "chart-8",
] as const;
const BACKDROPS = ["canvas", "surface", "raised", "sunken", "hover"] as const;
const TEXT_CONTRAST = 4.5;
const SHAPE_CONTRAST = 3;
/** Distance in OKLab from which two marks beside each other are told apart without effort. */
const TOLD_APART = 0.085;

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The tokens of a theme, read from the style sheet that the pages load. */
function readTheme(theme: string): Map<string, Rgb> {
  const block = css.match(new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`))?.[1] ?? "";
  const tokens = [...block.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)];
  return new Map(tokens.map(([, name = "", hex = ""]) => [name, toLinear(hex)]));
}

function toLinear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(2), channel(4)];
}

/** Contrast as WCAG 2 defines it. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** What eyes without one kind of cone see (Machado, Oliveira and Fernandes, 2009), in linear RGB. */
const EYES: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  "all cones": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  "no red cones": [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  "no green cones": [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  "no blue cones": [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function toOklab(rgb: Rgb): Rgb {
  const long = Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], rgb));
  const middle = Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], rgb));
  const short = Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], rgb));
  const cones: Rgb = [long, middle, short];
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], cones),
    dot([1.9779984951, -2.428592205, 0.4505937099], cones),
    dot([0.0259040371, 0.7827717662, -0.808675766], cones),
  ];
}

function dot(a: Rgb, b: Rgb): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function seenBy(eyes: readonly [Rgb, Rgb, Rgb], color: Rgb): Rgb {
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [clip(dot(eyes[0], color)), clip(dot(eyes[1], color)), clip(dot(eyes[2], color))];
}

describe.each(THEMES)("the %s theme", (theme) => {
  const tokens = readTheme(theme);
  const color = (name: string): Rgb => {
    const found = tokens.get(name);
    if (found === undefined) throw new Error(`${theme} has no --${name}`);
    return found;
  };
  const weakPairs = (pairs: (readonly [string, string])[], least: number) =>
    pairs
      .map(([front, back]) => ({ front, back, contrast: contrast(color(front), color(back)) }))
      .filter((pair) => pair.contrast < least);
  const onBackdrops = (front: string, more: readonly string[] = []) =>
    [...BACKDROPS, ...more].map((back) => [front, back] as const);

  test("has the same tokens as the other one", () => {
    expect([...tokens.keys()]).toEqual([...readTheme(theme === "light" ? "dark" : "light").keys()]);
    expect(tokens.size).toBeGreaterThan(40);
  });

  test("keeps every text readable on every backdrop", () => {
    const pairs = [
      ...["ink", "ink-muted", "ink-faint"].flatMap((ink) => onBackdrops(ink, ["selected"])),
      ...onBackdrops("accent", ["accent-soft", "selected"]),
      ...[...STATUSES, ...NODES].flatMap((name) => onBackdrops(`${name}-ink`, [`${name}-soft`])),
      ["ink", "pressed"] as const,
      ["ink-muted", "pressed"] as const,
      ["on-accent", "accent"] as const,
      ["on-accent", "accent-strong"] as const,
      ["on-danger", "danger-fill"] as const,
    ];
    expect(weakPairs(pairs, TEXT_CONTRAST)).toEqual([]);
  });

  test("keeps every shape and every edge of a control visible", () => {
    const pairs = [
      ...[...STATUSES, ...NODES, "control", "accent"].flatMap((name) => onBackdrops(name)),
      ...[...STATUSES, ...NODES].map((name) => [name, `${name}-soft`] as const),
      ...LINES.flatMap((line) => [[line, "canvas"] as const, [line, "surface"] as const]),
    ];
    expect(weakPairs(pairs, SHAPE_CONTRAST)).toEqual([]);
  });

  test.each(
    Object.keys(EYES).flatMap((eyes) => [
      { kind: "kinds of node", eyes, names: NODES },
      { kind: "lines of a chart", eyes, names: LINES },
    ]),
  )("tells the $kind apart with $eyes", ({ eyes: name, names }) => {
    const eyes = EYES[name];
    if (eyes === undefined) throw new Error(`no such eyes: ${name}`);
    const seen = names.map((node) => ({ node, lab: toOklab(seenBy(eyes, color(node))) }));
    const close = seen.flatMap((a, index) =>
      seen
        .slice(index + 1)
        .map((b) => ({
          pair: `${a.node} and ${b.node}`,
          distance: Math.hypot(a.lab[0] - b.lab[0], a.lab[1] - b.lab[1], a.lab[2] - b.lab[2]),
        }))
        .filter((each) => each.distance < TOLD_APART),
    );
    expect(close).toEqual([]);
  });
});
