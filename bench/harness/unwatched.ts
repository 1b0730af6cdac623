import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright";
import { z } from "zod";
import { findSystemChromium } from "../../scripts/chromium.mjs";

const LOOK_AGAIN_MS = 1_500;
/** A machine may be busy; what takes long is measured, too. */
export const PATIENCE_MS = 60_000;
const NOTHING = "about:blank";

/** What a page said of itself, by names. */
export type PageTimes = Record<string, number>;

/**
 * A browser as a person has one: nobody watches while it opens a page. Whoever steers a browser has it tell of every
 * request and puts its own code into every page, which on two processors is a tenth of the time that a page takes.
 */
export type UnwatchedBrowser = {
  /**
   * Enters an address in a tab that is there, lets the page be, and then asks it.
   *
   * @param question an expression that gives numbers by names, or null where the page is not so far.
   */
  open: (url: string, question: string) => Promise<PageTimes>;
  close: () => Promise<void>;
};

/** @throws Error where there is no browser, or where it doesn't start. */
export async function startUnwatched({
  width,
  height,
}: {
  width: number;
  height: number;
}): Promise<UnwatchedBrowser> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-profile-"));
  const browser = spawn(
    findSystemChromium() ?? chromium.executablePath(),
    [
      "--headless=new",
      "--remote-debugging-port=0",
      `--user-data-dir=${folder}`,
      `--window-size=${width},${height}`,
      "--lang=en-US",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      NOTHING,
    ],
    { stdio: "ignore" },
  );
  const ended = once(browser, "exit");
  const close = async () => {
    browser.kill();
    await ended.catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await once(browser, "spawn");
    const port = await readPort(folder);
    return { open: (url, question) => openIn(port, url, question), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A browser writes down where it listens once it does. */
async function readPort(folder: string): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const [port = ""] = (
      await readFile(path.join(folder, "DevToolsActivePort"), "utf8").catch(() => "")
    ).split("\n");
    if (port !== "") return Number(port);
    if (performance.now() > until) throw new Error("The browser did not start.");
    await sleep(50);
  }
}

async function openIn(port: number, url: string, question: string): Promise<PageTimes> {
  const devtools = `http://127.0.0.1:${port}/json`;
  const made = await fetch(`${devtools}/new?${NOTHING}`, { method: "PUT" });
  const { id, webSocketDebuggerUrl: tab } = tabSchema.parse(await made.json());
  // A browser that has just opened a tab still works on that.
  await sleep(300);
  await ask(tab, "Page.navigate", { url });
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    await sleep(LOOK_AGAIN_MS);
    const { result } = answerSchema.parse(
      await ask(tab, "Runtime.evaluate", { expression: question, returnByValue: true }),
    );
    if (result.value !== null) {
      await fetch(`${devtools}/close/${id}`);
      return result.value;
    }
    if (performance.now() > until) throw new Error(`${url} was not there after ${PATIENCE_MS} ms.`);
  }
}

const tabSchema = z.object({ id: z.string(), webSocketDebuggerUrl: z.string() });
const answerSchema = z.object({ result: z.object({ value: z.record(z.string(), z.number()).nullable() }) });

/** One question by the protocol of Chromium's developer tools, over a connection of its own. */
async function ask(tab: string, method: string, params: Record<string, unknown>): Promise<unknown> {
  const socket = new WebSocket(tab);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`The browser refused ${method}.`)));
    });
    const told = new Promise<MessageEvent>((resolve, reject) => {
      socket.addEventListener("message", resolve);
      socket.addEventListener("close", () => reject(new Error(`The browser left during ${method}.`)));
    });
    socket.send(JSON.stringify({ id: 1, method, params }));
    return JSON.parse(String((await told).data)).result;
  } finally {
    socket.close();
  }
}
