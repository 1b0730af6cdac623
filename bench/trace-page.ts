import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright";
import type { BenchContext } from "./harness/benchmark.ts";
import {
  countFrames,
  drag,
  type Frames,
  launchBrowser,
  nextFrames,
  turnWheel,
  VIEWPORT,
} from "./harness/browser.ts";
import { percentile } from "./harness/percentile.ts";
import { atLeast, atMost, type BenchRow, forReading } from "./harness/rows.ts";

/** As many as a trace holds. */
const EVENTS = 10_000;
const BATCH = 500;
const SERVICES = 20;
const FLOW = "large";
const LIMIT_MS = 500;
const EARLY_TURNS = 3;
/** A machine may be busy; what takes long is measured, too. */
const PATIENCE_MS = 60_000;
const PAGES = new URL("../.next/BUILD_ID", import.meta.url);
const NAME = "sagas: a trace of 10,000 events in a browser";

/** In ms from entering an address, or from following a link, until the browser had the trace, and had drawn it. */
type Opening = { answeredMs: number; drawnMs: number };

/**
 * How long a large trace takes to open in a browser, and how it scrolls. It needs the pages (`npm run build`) and a
 * Chromium; where one is missing, it says so.
 */
export async function measureTracePage(bench: BenchContext): Promise<BenchRow[]> {
  if (!existsSync(PAGES)) return notMeasured(bench, "the pages are not built: `npm run build`");
  let browser: Browser;
  try {
    browser = await launchBrowser();
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return notMeasured(bench, `there is no browser: ${reason}`);
  }
  try {
    return await measureIn(browser, bench);
  } finally {
    await browser.close();
  }
}

function notMeasured(bench: BenchContext, why: string): BenchRow[] {
  bench.say(`No trace was opened in a browser, since ${why}`);
  return [forReading({ case: `${NAME}, not measured`, figure: 0, unit: "times opened" })];
}

async function measureIn(browser: Browser, bench: BenchContext): Promise<BenchRow[]> {
  const { url } = await bench.startServer({ settings: { NODE_ENV: "production" } });
  await postFlow(url, bench.signal);
  const context = await browser.newContext({ viewport: VIEWPORT, locale: "en-US" });
  const note = (what: string, { answeredMs, drawnMs }: Opening) => {
    bench.say(`${what}: answered after ${Math.round(answeredMs)} ms, drawn after ${Math.round(drawnMs)} ms`);
    return drawnMs;
  };
  const early: number[] = [];
  for (let turn = 0; turn < EARLY_TURNS; turn += 1)
    early.push(note("while it is recognised", await openAddress(context, url)));
  await waitUntilRecognised(url, bench.signal);
  const turns = bench.isQuick ? 5 : 20;
  const byAddress: number[] = [];
  const byLink: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    bench.signal.throwIfAborted();
    byAddress.push(note("by its address", await openAddress(context, url)));
    byLink.push(note("by a link", await openByLink(context, url)));
  }
  const frames = await measureScrolling(context, url);
  return [
    atMost(LIMIT_MS, {
      case: `${NAME}, opened by a link, p95`,
      figure: percentile(byLink, 0.95),
      unit: "ms",
    }),
    atMost(LIMIT_MS, {
      case: `${NAME}, opened by its address, p95`,
      figure: percentile(byAddress, 0.95),
      unit: "ms",
    }),
    forReading({
      case: `${NAME}, the first one after it was sent`,
      figure: early[0] ?? Number.NaN,
      unit: "ms",
    }),
    forReading({
      case: `${NAME}, while it is recognised`,
      figure: percentile(early.slice(1), 1),
      unit: "ms",
    }),
    atLeast(50, { case: `${NAME}, scrolling`, figure: frames.perSecond, unit: "frames/s" }),
    forReading({ case: `${NAME}, scrolling, p95 of a frame`, figure: frames.p95Ms, unit: "ms" }),
  ];
}

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

async function openAddress(context: BrowserContext, url: string): Promise<Opening> {
  const page = await context.newPage();
  await page.goto(`${url}/flows/${FLOW}`, { timeout: PATIENCE_MS });
  await untilDrawn(page);
  const opening = await readOpening(page, 0);
  await page.close();
  return opening;
}

/** From a page of the console, as a link goes. */
async function openByLink(context: BrowserContext, url: string): Promise<Opening> {
  const page = await context.newPage();
  await page.goto(`${url}/schemas`, { timeout: PATIENCE_MS });
  await page.waitForLoadState("networkidle");
  const startMs = await page.evaluate((address) => {
    // Next's router, as its links use it.
    const { next } = window as unknown as { next: { router: { push: (address: string) => void } } };
    const now = performance.now();
    next.router.push(address);
    return now;
  }, `/flows/${FLOW}`);
  await untilDrawn(page);
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

function readOpening(page: Page, startMs: number): Promise<Opening> {
  return page.evaluate((start) => {
    const asked = performance
      .getEntriesByType("resource")
      .find((one) => one instanceof PerformanceResourceTiming && one.name.includes("/api/v1/traces?"));
    const [drawn] = performance.getEntriesByName("timeline.drawn");
    if (!(asked instanceof PerformanceResourceTiming) || drawn === undefined)
      throw new Error("No trace was asked for.");
    return { answeredMs: asked.responseEnd - start, drawnMs: drawn.startTime - start };
  }, startMs);
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
