import { parentPort, workerData } from "node:worker_threads";
import { distinguishingFields } from "../domain/failures/distinguishing-fields.ts";

/** Compares in a thread of its own, since thousands of payloads take seconds. */
const { failing, succeeding } = workerData as { failing: string[]; succeeding: string[] }; // of compareFields
parentPort?.postMessage(distinguishingFields(failing, succeeding));
