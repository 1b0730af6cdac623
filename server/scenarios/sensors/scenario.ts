import type { SampleService, Scenario } from "../scenario.ts";

const MACHINES = 2_000;
const PLANTS = 5;
/** Reports more often than any other, so that there is one to watch. */
const BUSY_MACHINE = 7;
const BUSY_SHARE = 0.02;
/** Degrees Celsius, above which somebody has to look at once. */
const TOO_HOT = 90;
/** Millimetres a second, above which something may be loose. */
const SHAKES_ODDLY = 7;

/** Looks at each reading as it comes. Most are as they should be, and leave nothing behind. */
const alerts: SampleService = {
  name: "alerts",
  takes: ["reading.taken"],
  emits: ["alert.raised"],
  channel: "readings",
  concurrency: 8,
  workMs: 1,
  serve: async ({ data }, { once, emit }) => {
    const { machineId, plant, temperature } = data;
    const isTooHot = Number(temperature) > TOO_HOT;
    if (isTooHot && (await once("alert-raised"))) {
      await emit("alert.raised", { machineId, plant, temperature, limit: TOO_HOT });
    }
  },
};

/** Takes its time: at a high rate it is behind, and nobody but it. */
const detector: SampleService = {
  name: "detector",
  takes: ["reading.taken"],
  emits: ["anomaly.found"],
  channel: "readings",
  workMs: 250,
  serve: async ({ data }, { once, emit }) => {
    const { machineId, plant, vibration } = data;
    const isOdd = Number(vibration) > SHAKES_ODDLY;
    if (isOdd && (await once("anomaly-found"))) await emit("anomaly.found", { machineId, plant, vibration });
  },
};

/** Many machines that report all the time: who has to be quick and who may be late read the same events. */
export const sensors: Scenario = {
  name: "sensors",
  producer: "machines",
  rate: 50,
  maxRate: 500,
  effect: "alert.raised",
  channels: [{ name: "readings", kind: "topic", carries: ["reading.taken"] }],
  services: [alerts, detector],
  process: null,
  presets: [
    { name: "detector-is-slow", service: "detector", seconds: 60, fault: { latencyMs: 2_000 } },
    { name: "machine-sends-rubbish", service: "alerts", seconds: 60, fault: { poisonKey: "machine-7" } },
    { name: "told-twice", service: "alerts", seconds: 60, fault: { duplicateRate: 0.5 } },
  ],
  produce: (id, random) => {
    const machine = random() < BUSY_SHARE ? BUSY_MACHINE : 1 + Math.floor(random() * MACHINES);
    const machineId = `machine-${machine}`;
    const data = {
      readingId: `reading-${id}`,
      machineId,
      plant: `plant-${1 + (machine % PLANTS)}`,
      // About one in a hundred is too hot, and one in fifty shakes oddly.
      temperature: round(40 + random() * 50.5),
      vibration: round(random() * 7.14),
    };
    return {
      type: "reading.taken",
      kind: "integration",
      key: data.readingId,
      partitionKey: machineId,
      data,
    };
  },
};

/** As a sensor gives it. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
