import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright";
import { findSystemChromium } from "../scripts/chromium.mjs";
import type { Benchmark } from "./harness/benchmark.ts";
import { percentile } from "./harness/percentile.ts";
import { atLeast, atMost, forReading } from "./harness/rows.ts";
import { largeTopology } from "./load/large-topology.ts";

const NODES = 500;
const EDGES = 2_000;
const VIEWPORT = { width: 1440, height: 900 };

type Point = { x: number; y: number };
type Panning = { perSecond: number; p95Ms: number };

const STROKE_MS = 900;
/** A mouse that tells its place a hundred times a second. */
const MOVE_MS = 10;
const [LEFT, RIGHT, LOW_LEFT, HIGH_RIGHT] = [
  { x: 300, y: 480 },
  { x: 1_200, y: 480 },
  { x: 320, y: 760 },
  { x: 1_150, y: 240 },
] as const;
/** There and back again: all of them together leave the picture where it was. */
const STROKES: readonly (readonly [Point, Point])[] = [
  [RIGHT, LEFT],
  [RIGHT, LEFT],
  [LEFT, RIGHT],
  [LEFT, RIGHT],
  [HIGH_RIGHT, LOW_LEFT],
  [HIGH_RIGHT, LOW_LEFT],
  [LOW_LEFT, HIGH_RIGHT],
  [LOW_LEFT, HIGH_RIGHT],
];

/** How the page lays out and moves a graph of 500 nodes and 2,000 edges. It needs the pages: `npm run build` first. */
export const topologyPage: Benchmark = {
  name: "topology-page",
  limitMs: 180_000,
  run: async (bench) => {
    const { url } = await bench.startServer({ settings: { NODE_ENV: "production" } });
    const executablePath = findSystemChromium();
    const browser = await chromium.launch({
      ...(executablePath === null ? {} : { executablePath }),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    try {
      const page = await browser.newPage({ viewport: VIEWPORT });
      const graph = largeTopology({ nodes: NODES, edges: EDGES });
      const body = JSON.stringify(graph);
      await page.route(/\/api\/v1\/topology(\?|$)/, (route) =>
        route.fulfill({ contentType: "application/json", body }),
      );
      await page.goto(`${url}/topology`);
      await page.locator(".react-flow__node").first().waitFor({ timeout: 60_000 });
      const layoutMs = await page.evaluate(
        () => performance.getEntriesByName("topology.layout").at(-1)?.duration ?? Number.NaN,
      );
      bench.say(`${graph.nodes.length} nodes, ${graph.edges.length} edges`);
      const whole = await measurePanning(page);
      await zoomTo(page, 1);
      const near = await measurePanning(page);
      const bitmap = await measureBitmap(browser);
      const name = `topology page: ${NODES} nodes, ${EDGES} edges`;
      return [
        atMost(3_000, { case: `${name}, layout in the worker`, figure: layoutMs, unit: "ms" }),
        atLeast(50, { case: `${name}, panning at full size`, figure: near.perSecond, unit: "frames/s" }),
        forReading({ case: `${name}, panning at full size, p95 of a frame`, figure: near.p95Ms, unit: "ms" }),
        atLeast(50, { case: `${name}, panning all of it`, figure: whole.perSecond, unit: "frames/s" }),
        forReading({ case: `${name}, panning all of it, p95 of a frame`, figure: whole.p95Ms, unit: "ms" }),
        forReading({
          case: "a page with one bitmap, dragged alike: what the machine can do",
          figure: bitmap.perSecond,
          unit: "frames/s",
        }),
        forReading({ case: "a page with one bitmap, p95 of a frame", figure: bitmap.p95Ms, unit: "ms" }),
      ];
    } finally {
      await browser.close();
    }
  },
};

async function zoomTo(page: Page, wanted: number): Promise<void> {
  const picture = page.locator(".react-flow__viewport");
  await page.mouse.move(820, 460);
  for (let step = 0; step < 60; step += 1) {
    const zoom = Number(/scale\(([\d.]+)\)/.exec((await picture.getAttribute("style")) ?? "")?.[1]);
    if (zoom >= wanted * 0.98) return;
    // Twice as large with every 500 units.
    await page.mouse.wheel(0, -Math.min(240, Math.log2(wanted / zoom) * 500));
    await nextFrames(page, 3);
  }
  throw new Error(`The picture could not be zoomed to ${wanted}.`);
}

/** What is dragged is only a bitmap on a page that does nothing else. */
async function measureBitmap(browser: Browser): Promise<Panning> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.setContent(`
    <body style="margin: 0; overflow: hidden">
      <canvas width="2200" height="1700" style="position: absolute; left: -400px; top: -400px; will-change: transform"></canvas>
    </body>
    <script>
      const canvas = document.querySelector("canvas");
      const context = canvas.getContext("2d");
      for (let x = 0; x < 2200; x += 40) context.fillRect(x, 0, 20, 1700);
      let [left, top] = [0, 0];
      addEventListener("mousemove", ({ buttons, movementX, movementY }) => {
        if (buttons === 0) return;
        [left, top] = [left + movementX, top + movementY];
        canvas.style.transform = "translate(" + left + "px, " + top + "px)";
      });
    </script>`);
  await nextFrames(page, 10);
  const panning = await measurePanning(page);
  await page.close();
  return panning;
}

/**
 * Drags the picture by strokes as long as a screen allows, as a hand does that looks through all of it: each goes on
 * where the last one ended, so that parts come into sight that were not drawn before. The pointer is where it is at its
 * time, however slow the page is. Counts the frames that the page drew meanwhile.
 */
async function measurePanning(page: Page): Promise<Panning> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    const note = (at: number) => {
      frames.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  for (const [from, to] of STROKES) await drag(page, from, to);
  const frames: number[] = await page.evaluate("window.frames.splice(0)");
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { perSecond: (gaps.length * 1000) / total, p95Ms: percentile(gaps, 0.95) };
}

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const start = performance.now();
  const moves: Promise<void>[] = [];
  for (let share = 0; share < 1; share = (performance.now() - start) / STROKE_MS) {
    // Not awaited: a hand does not wait for the page either.
    moves.push(page.mouse.move(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share));
    await sleep(MOVE_MS);
  }
  await Promise.all(moves);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

async function nextFrames(page: Page, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
