import { identifyServices } from "../../topology/services.ts";
import type { TraceInput } from "../read-trace.ts";
import type { RecordedAttempt, RecordedDelivery, RecordedEvent } from "../trace.ts";
import { BEGIN_US } from "./flow-recorder.ts";

/** How the events of a large flow follow from each other. */
export type FlowShape = "chain" | "fan" | "rounds" | "orphans";

const SERVICES = 20;

/** A flow of many events; of every tenth one the first attempt failed. */
export function largeFlow(shape: FlowShape, count: number): TraceInput {
  const events = Array.from({ length: count }, (_, index): RecordedEvent => {
    const position = String(BEGIN_US + index * 1_000);
    return {
      position,
      id: `e${index}`,
      source: `/${serviceAt(shape, index)}`,
      type: typeAt(shape, index),
      kind: shape === "rounds" && index % 2 === 0 ? "command" : null,
      subject: `order-${index % 7}`,
      channel: "orders",
      correlationId: "large",
      causationId: causeAt(shape, index),
      traceparent: null,
      timeUs: Number(position),
    };
  });
  const deliveries = events.map(
    ({ position }, index): RecordedDelivery => ({
      position,
      consumer: serviceAt(shape, index + 1),
      status: "succeeded",
      generation: 0,
      attempts: index % 10 === 0 ? 2 : 1,
      startedUs: Number(position) + 500,
      durationUs: 600,
      nextAttemptUs: null,
    }),
  );
  const attempts = deliveries.flatMap(({ position, consumer, attempts: tries }): RecordedAttempt[] => {
    if (tries === 1) return [];
    const startedUs = Number(position) + 100;
    const error = { name: "Error", message: "Busy." };
    const failed = { position, consumer, generation: 0, attempt: 1, startedUs, durationUs: 200, error };
    return [{ ...failed, outcome: "failed" }];
  });
  const names = [...new Set(events.map(({ source }) => source.slice(1)))];
  const services = identifyServices(names.map((name) => ({ source: `/${name}`, consumer: name })));
  return { events, deliveries, attempts, services };
}

/** In rounds, a mediator asks one service after the other; now and then it is refused. */
function serviceAt(shape: FlowShape, index: number): string {
  if (shape === "rounds") return index % 2 === 0 ? "mediator" : `s${Math.floor(index / 2) % SERVICES}`;
  return shape === "fan" && index === 0 ? "hub" : `s${index % SERVICES}`;
}

function typeAt(shape: FlowShape, index: number): string {
  const name = `t${Math.floor(index / 2) % (SERVICES * 3)}`;
  if (shape !== "rounds") return index % 50 === 49 ? `${name}.refunded` : `${name}.done`;
  if (index % 2 === 0) return index % 100 > 50 ? `${name}.release` : `${name}.reserve`;
  return index % 101 === 0 ? `${name}.refused` : `${name}.reserved`;
}

function causeAt(shape: FlowShape, index: number): string | null {
  if (index === 0) return null;
  if (shape === "fan") return "e0";
  return shape === "orphans" && index % 3 === 0 ? `gone-${index}` : `e${index - 1}`;
}
