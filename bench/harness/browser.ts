import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from "playwright";
import { findSystemChromium } from "../../scripts/chromium.mjs";
import { percentile } from "./percentile.ts";

export const VIEWPORT = { width: 1440, height: 900 };

const PAGES = new URL("../../.next/BUILD_ID", import.meta.url);

/** Whether there are pages to open: `npm run build` makes them. */
export function arePagesBuilt(): boolean {
  return existsSync(PAGES);
}

/** The Chromium of this system, or the one that came with Playwright. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

function launchOptions(): LaunchOptions {
  const executablePath = findSystemChromium();
  return {
    ...(executablePath === null ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  };
}

/** A browser with a profile of its own, as a person has one: it keeps what it was given. Gone after `close`. */
export async function openProfile(
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-profile-"));
  const forget = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(folder, { ...launchOptions(), ...options });
    return {
      context,
      close: async () => {
        await context.close();
        await forget();
      },
    };
  } catch (error) {
    await forget();
    throw error;
  }
}

export type Point = { x: number; y: number };
export type Frames = { perSecond: number; p95Ms: number };

const STROKE_MS = 900;
/** A mouse that tells its place a hundred times a second. */
const MOVE_MS = 10;

/** Counts the frames that a page draws while something is done with it. */
export async function countFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    const note = (at: number) => {
      frames.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await act();
  const frames: number[] = await page.evaluate("window.frames.splice(0)");
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { perSecond: (gaps.length * 1000) / total, p95Ms: percentile(gaps, 0.95) };
}

/** Drags from one point to another as a hand does: the pointer is where it is at its time, however slow the page is. */
export async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await duringStroke((share) =>
    page.mouse.move(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share),
  );
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

/** Turns the wheel for as long as a stroke takes. */
export async function turnWheel(page: Page, by: Point): Promise<void> {
  await duringStroke(() => page.mouse.wheel(by.x, by.y));
}

async function duringStroke(move: (share: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  const moves: Promise<void>[] = [];
  for (let share = 0; share < 1; share = (performance.now() - start) / STROKE_MS) {
    // Not awaited: a hand does not wait for the page either.
    moves.push(move(share));
    await sleep(MOVE_MS);
  }
  await Promise.all(moves);
}

export async function nextFrames(page: Page, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
