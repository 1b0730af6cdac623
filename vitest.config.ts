import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes a minute comes first: begun last, it would be waited for by a machine that has nothing else to do. */
const TAKES_LONG = /(faults|kills|embedded-postgres|delivering|under-pressure)\.db\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => TAKES_LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "db",
          include: ["{server,drizzle}/**/*.db.test.ts"],
          environment: "node",
          isolate: false,
          globalSetup: ["./drizzle/testing/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
