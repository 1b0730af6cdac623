import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{server,drizzle,components,app,bench,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          environment: "node",
          // Loading what they share anew for each file took twice as long as the tests.
          isolate: false,
          unstubGlobals: true,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "db",
          include: ["{server,drizzle}/**/*.db.test.ts"],
          environment: "node",
          globalSetup: ["./drizzle/testing/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
