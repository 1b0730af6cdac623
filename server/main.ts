import { parseArgs } from "node:util";
import { chooseDevelopment, type Env, loadEnvFile, readEnv } from "./platform/env.ts";
import { AppError } from "./platform/errors.ts";
import { runLifecycle } from "./platform/lifecycle.ts";
import { createLog } from "./platform/log.ts";
import { getScenario } from "./scenarios/registry.ts";
import { startServer } from "./start-server.ts";

/** The server: `node server/main.ts [--dev] [--scenario name]`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { dev: { type: "boolean", default: false }, scenario: { type: "string" } },
  });
  const scenario = values.scenario === undefined ? null : getScenario(values.scenario).name;
  if (values.dev) chooseDevelopment();
  loadEnvFile(".env");
  const env = readEnv();
  const log = createLog({ level: env.logLevel, format: env.logFormat });
  warnOfOpenDoor(env);
  return runLifecycle({ log }, (lifecycle) =>
    startServer(lifecycle, { env, log, scenario, onProgress: (step) => process.stdout.write(`${step}\n`) }),
  );
}

function warnOfOpenDoor({ host }: Env): void {
  if (host === "localhost" || host === "::1" || /^127\./.test(host)) return;
  process.stdout.write(
    `HOST is ${host}: everybody who can reach this machine over the network can read every event and act on it. ` +
      "There are no accounts yet, so put a proxy that asks for a login in front, or go back to HOST=127.0.0.1.\n",
  );
}

try {
  // Everything of ours has stopped by then; what Next keeps open in development must not keep the process.
  process.exit(await main());
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
