import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright";
import type { BenchContext } from "./harness/benchmark.ts";
import {
  arePagesBuilt,
  countFrames,
  drag,
  type Frames,
  nextFrames,
  openProfile,
  turnWheel,
  VIEWPORT,
} from "./harness/browser.ts";
import { percentile } from "./harness/percentile.ts";
import { atLeast, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import { PATIENCE_MS, startUnwatched, type UnwatchedBrowser } from "./harness/unwatched.ts";

/** As many as a trace holds. */
const EVENTS = 10_000;
const BATCH = 500;
const SERVICES = 20;
const FLOW = "large";
const LIMIT_MS = 500;
const EARLY_TURNS = 3;
const NEW_BROWSERS = 5;
/** A browser that has just left a page still works on that. */
const REST_MS = 300;
/** So long at least a hand rests on what it clicks. */
const AIM_MS = 150;
const NAME = "sagas: a trace of 10,000 events in a browser";

/** In ms from entering an address, or from a click, until the browser had the trace, and the first frame of it. */
type Opening = { answeredMs: number; drawnMs: number };

/** Asks a page for its `Opening`, from when the page was begun; null while the trace is not drawn. */
const TIMES = `(() => {
  const [drawn] = performance.getEntriesByName("timeline.drawn");
  const asked = performance.getEntriesByType("resource").find(({ name }) => name.includes("/api/v1/traces?"));
  return drawn && asked ? { answeredMs: asked.responseEnd, drawnMs: drawn.startTime } : null;
})()`;

/**
 * How long a large trace takes to open in a browser, and how it scrolls. It needs the pages (`npm run build`) and a
 * Chromium; where one is missing, it says so.
 */
export async function measureTracePage(bench: BenchContext): Promise<BenchRow[]> {
  if (!arePagesBuilt()) return notMeasured(bench, "the pages are not built: `npm run build`");
  let browsers: Awaited<ReturnType<typeof openBrowsers>>;
  try {
    browsers = await openBrowsers();
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return notMeasured(bench, `there is no browser: ${reason}`);
  }
  try {
    return await measureIn(browsers, bench);
  } finally {
    await browsers.close();
  }
}

async function openBrowsers(): Promise<Browsers & { close: () => Promise<void> }> {
  const profile = await openProfile(LOOK);
  try {
    const browser = await startUnwatched(VIEWPORT);
    const close = async () => {
      await browser.close();
      await profile.close();
    };
    return { browser, steered: profile.context, close };
  } catch (error) {
    await profile.close();
    throw error;
  }
}

function notMeasured(bench: BenchContext, why: string): BenchRow[] {
  bench.say(`No trace was opened in a browser, since ${why}`);
  return [forReading({ case: `${NAME}, not measured`, figure: 0, unit: "times opened" })];
}

/** Of somebody who comes back: browsers that were here before have the code of the pages. */
type Browsers = {
  browser: UnwatchedBrowser;
  /** For what takes a hand: clicks and scrolling. */
  steered: BrowserContext;
};

async function measureIn({ browser, steered }: Browsers, bench: BenchContext): Promise<BenchRow[]> {
  const { url } = await bench.startServer({ settings: { NODE_ENV: "production" } });
  await postFlow(url, bench.signal);
  const note = (what: string, { answeredMs, drawnMs }: Opening) => {
    bench.say(`${what}: answered after ${Math.round(answeredMs)} ms, drawn after ${Math.round(drawnMs)} ms`);
    return drawnMs;
  };
  const early: number[] = [];
  for (let turn = 0; turn < EARLY_TURNS; turn += 1)
    early.push(note("while it is recognised", await openAddress(browser, url)));
  await waitUntilRecognised(url, bench.signal);
  const turns = bench.isQuick ? 5 : 20;
  const byAddress: number[] = [];
  const byClick: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    bench.signal.throwIfAborted();
    byAddress.push(note("by its address", await openAddress(browser, url)));
    byClick.push(note("by a click in the list", await openByClick(steered, url)));
  }
  const inNew: number[] = [];
  for (let turn = 0; turn < NEW_BROWSERS; turn += 1) {
    const fresh = await startUnwatched(VIEWPORT);
    inNew.push(note("in a browser that was never here", await openAddress(fresh, url)));
    await fresh.close();
  }
  const frames = await measureScrolling(steered, url);
  const read = (of: string, figure: number) => forReading({ case: `${NAME}, ${of}`, figure, unit: "ms" });
  return [
    atMost(LIMIT_MS, {
      case: `${NAME}, opened by a click in the list, p95`,
      figure: percentile(byClick, 0.95),
      unit: "ms",
    }),
    read("opened by a click in the list, median", percentile(byClick, 0.5)),
    atMost(LIMIT_MS, {
      case: `${NAME}, opened by its address in a browser that was here before, p95`,
      figure: percentile(byAddress, 0.95),
      unit: "ms",
    }),
    read("opened by its address in a browser that was here before, median", percentile(byAddress, 0.5)),
    read("in a browser that was never here, median", percentile(inNew, 0.5)),
    read("the first one after it was sent", early[0] ?? Number.NaN),
    read("while it is recognised", percentile(early.slice(1), 1)),
    atLeast(50, { case: `${NAME}, scrolling`, figure: frames.perSecond, unit: "frames/s" }),
    read("scrolling, p95 of a frame", frames.p95Ms),
  ];
}

const LOOK: BrowserContextOptions = { viewport: VIEWPORT, locale: "en-US" };

/** Each event names one of the eight before it as its cause. */
async function postFlow(url: string, signal: AbortSignal): Promise<void> {
  for (let first = 0; first < EVENTS; first += BATCH) {
    const events = Array.from({ length: BATCH }, (_, at) => {
      const n = first + at;
      return {
        specversion: "1.0",
        id: `${FLOW}-${n}`,
        source: `/s${n % SERVICES}`,
        type: `step.${n % SERVICES}.done`,
        subject: "order-1",
        correlationid: FLOW,
        ...(n > 0 && { causationid: `${FLOW}-${Math.max(0, n - 1 - (n % 7))}` }),
        datacontenttype: "application/json",
        data: { n },
      };
    });
    const response = await fetch(`${url}/api/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/cloudevents-batch+json" },
      body: JSON.stringify(events),
      signal,
    });
    if (!response.ok) throw new Error(`Events were refused: ${await response.text()}`);
  }
}

/** A large flow is read several times, with rests between; nothing is left to do when it is all behind. */
async function waitUntilRecognised(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { recognised }: { recognised: { behindMs: number } } = await (
      await fetch(`${url}/api/v1/sagas?limit=1`, { signal })
    ).json();
    if (recognised.behindMs === 0) return;
    await sleep(200, undefined, { signal });
  }
}

async function openAddress(browser: UnwatchedBrowser, url: string): Promise<Opening> {
  const { answeredMs, drawnMs } = await browser.open(`${url}/flows/${FLOW}`, TIMES);
  if (answeredMs === undefined || drawnMs === undefined) throw new Error("No trace was asked for.");
  return { answeredMs, drawnMs };
}

/** From the list of sagas, by a hand that moves to a row and clicks it. */
async function openByClick(context: BrowserContext, url: string): Promise<Opening> {
  const page = await context.newPage();
  await page.goto(`${url}/sagas`, { timeout: PATIENCE_MS });
  const row = page.getByRole("row").nth(1);
  await row.waitFor({ timeout: PATIENCE_MS });
  await page.waitForLoadState("networkidle");
  await sleep(REST_MS);
  await page.evaluate(() => {
    addEventListener("click", () => performance.mark("list.clicked"), { capture: true, once: true });
  });
  await row.hover();
  await sleep(AIM_MS);
  await page.mouse.down();
  await page.mouse.up();
  await untilDrawn(page);
  const startMs = await page.evaluate(() => performance.getEntriesByName("list.clicked")[0]?.startTime);
  if (startMs === undefined) throw new Error("Nothing was clicked.");
  const opening = await readOpening(page, startMs);
  await page.close();
  return opening;
}

async function untilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("timeline.drawn").length > 0, undefined, {
    polling: 50,
    timeout: PATIENCE_MS,
  });
}

async function readOpening(page: Page, startMs: number): Promise<Opening> {
  const times: Opening = await page.evaluate(TIMES);
  // Less than nothing where it was there before the click.
  return { answeredMs: times.answeredMs - startMs, drawnMs: times.drawnMs - startMs };
}

/** Looks closer, and moves there and back again, to the sides and up and down. */
async function measureScrolling(context: BrowserContext, url: string): Promise<Frames> {
  const page = await context.newPage();
  await page.goto(`${url}/flows/${FLOW}`, { timeout: PATIENCE_MS });
  await untilDrawn(page);
  const box = await page.getByRole("application").boundingBox();
  if (box === null) throw new Error("The timeline is not seen.");
  const y = box.y + box.height / 2;
  const [left, right] = [
    { x: box.x + box.width * 0.3, y },
    { x: box.x + box.width * 0.9, y },
  ];
  await page.mouse.move(right.x, y);
  await page.keyboard.down("Control");
  for (let step = 0; step < 8; step += 1) {
    await page.mouse.wheel(0, -240);
    await nextFrames(page, 2);
  }
  await page.keyboard.up("Control");
  const frames = await countFrames(page, async () => {
    await drag(page, right, left);
    await drag(page, right, left);
    await drag(page, left, right);
    await drag(page, left, right);
    await turnWheel(page, { x: 0, y: 30 });
    await turnWheel(page, { x: 0, y: -30 });
  });
  await page.close();
  return frames;
}
