import { readSaga } from "../read-saga.ts";
import { readTrace } from "../read-trace.ts";
import type { Saga } from "../saga.ts";
import type { SagaNorms } from "../saga-norms.ts";
import type { Trace } from "../trace.ts";
import type { RunFlow } from "./run-system.ts";

/** How much of what is known beside the flow is told. */
export type Told = "nothing" | "declaration" | "history";

/** Reads a flow that was run. */
export function readRun(
  { recorder, declared, transitions, nowUs }: RunFlow,
  { told = "nothing", norms }: { told?: Told; norms?: SagaNorms } = {},
): { trace: Trace; saga: Saga } {
  const known = {
    ...(told === "nothing" ? {} : { declared }),
    ...(told === "history" ? { transitions } : {}),
  };
  const trace = readTrace({ ...recorder.recorded, services: recorder.services, ...known });
  return { trace, saga: readSaga(trace, { nowUs, norms, ...known }) };
}

/** The key of every compensation with that of the step that it takes back. */
export function undone({ steps, compensations }: Trace): string[] {
  return compensations.map(({ step, undoes }) => `${steps[step]?.name} undoes ${steps[undoes]?.name}`);
}
