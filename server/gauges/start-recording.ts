import type { Context } from "#server/platform/context.ts";
import { instanceName, ProcessRecorder } from "./record-process.ts";

const RECORD_EVERY_MS = 1_000;

/**
 * Measures this process and writes down, once a second, what it counts. What it counted last is written when it stops:
 * stop it behind everything that counts.
 */
export function startRecording(ctx: Context): { stop: () => Promise<void> } {
  const recorder = new ProcessRecorder(ctx, instanceName(ctx.env));
  const stopLoop = ctx.meters.eventLoop.start();
  let isLost = false;
  let recording = Promise.resolve();
  const record = () => {
    recording = recorder.recordOnce().then(
      () => {
        isLost = false;
      },
      (error: unknown) => {
        if (!isLost) ctx.log.warn({ err: error }, "process.not-recorded");
        isLost = true;
      },
    );
    return recording;
  };
  let isUnderWay = false;
  const timer = setInterval(() => {
    if (isUnderWay) return;
    isUnderWay = true;
    void record().finally(() => {
      isUnderWay = false;
    });
  }, RECORD_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      stopLoop();
      await recording;
      await record();
    },
  };
}
