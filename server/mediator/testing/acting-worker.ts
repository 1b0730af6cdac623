import { connect } from "#drizzle/db.ts";
import type { ParsedRunAction } from "#server/contract/processes.ts";
import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { systemClock } from "#server/platform/clock.ts";
import { actOnRun } from "../act-on-run.ts";

/** What it is told to do, and when it kills itself: within the transaction, or when it is committed but not answered. */
export type ActingTask = {
  databaseUrl: string;
  actor: string;
  name: string;
  id: string;
  input: ParsedRunAction;
  dies: "between-writes" | "before-answer";
};

async function run({ databaseUrl, actor, name, id, input, dies }: ActingTask): Promise<void> {
  const { sql } = connect(databaseUrl, { max: 2 });
  const processes = new DyingProcesses(dies === "before-answer" ? 2 : Number.POSITIVE_INFINITY);
  processes.declare(orderProcess({ onStepFailure: "wait" }));
  let asked = 0;
  const ctx = {
    sql,
    processes,
    clock: systemClock,
    // Asked for by the first write, and by the last one.
    get actor() {
      asked += 1;
      if (dies === "between-writes" && asked === 2) die();
      return actor;
    },
  };
  await actOnRun(ctx, { name, id, input });
  process.stdout.write("It was answered.");
}

/** Looked into within the transaction, and for the answer. */
class DyingProcesses extends DeclaredProcesses {
  readonly #dieAt: number;
  #found = 0;

  constructor(dieAt: number) {
    super();
    this.#dieAt = dieAt;
  }

  override find(name: string): ProcessDefinition | null {
    this.#found += 1;
    if (this.#found === this.#dieAt) die();
    return super.find(name);
  }
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

if (process.argv[1]?.endsWith("acting-worker.ts")) {
  await run(JSON.parse(process.argv[2] ?? "{}") as ActingTask); // written by the test
}
