import config from "../playwright.config.ts";

/** `npm run screenshots`: the pictures of the README, taken from a server with events in it. */
export default {
  ...config,
  testDir: ".",
  globalSetup: "../server.ts",
  outputDir: "../../test-results/screenshots",
  workers: 1,
};
