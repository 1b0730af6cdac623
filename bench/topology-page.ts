import type { Browser, Page } from "playwright";
import type { Benchmark } from "./harness/benchmark.ts";
import {
  countFrames,
  drag,
  type Frames,
  launchBrowser,
  nextFrames,
  type Point,
  VIEWPORT,
} from "./harness/browser.ts";
import { atLeast, atMost, forReading } from "./harness/rows.ts";
import { largeTopology } from "./load/large-topology.ts";

const NODES = 500;
const EDGES = 2_000;

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
    const browser = await launchBrowser();
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
async function measureBitmap(browser: Browser): Promise<Frames> {
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
 * where the last one ended, so that parts come into sight that were not drawn before.
 */
function measurePanning(page: Page): Promise<Frames> {
  return countFrames(page, async () => {
    for (const [from, to] of STROKES) await drag(page, from, to);
  });
}
