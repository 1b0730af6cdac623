import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { findSystemChromium } from "../scripts/chromium.mjs";

const executablePath = findSystemChromium();
const isRoot = process.getuid?.() === 0;

/** In the order of their paths: the first ones begin with nothing, and none leaves what disturbs those after it. */
const NEED_A_SERVER_APART = [
  "events/beginning-with-nothing.spec.ts",
  "projections/standing-still.spec.ts",
  "sagas/acting-on-a-run.spec.ts",
  "scenarios/*.spec.ts",
  "topology/*.spec.ts",
].map((file) => `**/specs/${file}`);

export default defineConfig({
  testDir: "./specs",
  outputDir: "../test-results/e2e",
  globalSetup: "./server.ts",
  // Those that need a server apart share one, one after the other, beside the pages: begun first, they are no tail.
  projects: [
    { name: "apart", testMatch: NEED_A_SERVER_APART, workers: 1, fullyParallel: false },
    { name: "pages", testIgnore: NEED_A_SERVER_APART, fullyParallel: true },
  ],
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  retries: 0,
  timeout: 90_000,
  // A busy machine with two cores takes seconds to render a page for the first time.
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "UTC",
    // Recording costs every test a third of its time: `--trace retain-on-failure` when hunting for a fault.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath !== null && existsSync(executablePath) ? { executablePath } : {}),
      // Chromium refuses its sandbox to root.
      args: isRoot ? ["--no-sandbox"] : [],
    },
    ...(process.env.NAGARE_E2E_URL ? { baseURL: process.env.NAGARE_E2E_URL } : {}),
  },
});
