import { chromium, type Page } from "playwright";
import { findSystemChromium } from "../scripts/chromium.mjs";
import type { Benchmark } from "./harness/benchmark.ts";
import { percentile } from "./harness/percentile.ts";
import { atLeast, atMost, forReading } from "./harness/rows.ts";
import { largeTopology } from "./load/large-topology.ts";

const NODES = 500;
const EDGES = 2_000;
const PAN_STEPS = 240;

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
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
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
      await zoomIn(page);
      const near = await measurePanning(page);
      const name = `topology page: ${NODES} nodes, ${EDGES} edges`;
      return [
        atMost(3_000, { case: `${name}, layout in the worker`, figure: layoutMs, unit: "ms" }),
        atLeast(50, {
          case: `${name}, panning at a readable size`,
          figure: near.perSecond,
          unit: "frames/s",
        }),
        forReading({ case: `${name}, panning, p95 of a frame`, figure: near.p95Ms, unit: "ms" }),
        forReading({
          case: `${name}, panning all of it in sight`,
          figure: whole.perSecond,
          unit: "frames/s",
        }),
      ];
    } finally {
      await browser.close();
    }
  },
};

async function zoomIn(page: Page): Promise<void> {
  await page.mouse.move(720, 500);
  for (let step = 0; step < 8; step += 1) await page.mouse.wheel(0, -240);
  await page.locator(".react-flow__node").first().waitFor();
}

/** Drags the picture to and fro, and counts the frames that the browser drew meanwhile. */
async function measurePanning(page: Page): Promise<{ perSecond: number; p95Ms: number }> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    const note = (at: number) => {
      frames.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await page.mouse.move(420, 780);
  await page.mouse.down();
  for (let step = 0; step < PAN_STEPS; step += 1) {
    await page.mouse.move(
      420 + 300 * Math.abs(Math.sin(step / 20)),
      780 - 160 * Math.abs(Math.cos(step / 30)),
    );
  }
  await page.mouse.up();
  const frames: number[] = await page.evaluate("window.frames");
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { perSecond: (gaps.length * 1000) / total, p95Ms: percentile(gaps, 0.95) };
}
