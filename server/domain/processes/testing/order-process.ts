import { z } from "zod";
import type { RetryPolicy } from "../../retry-policy.ts";
import { defineProcess } from "../define-process.ts";
import { message, type ProcessDefinition } from "../definition.ts";

const order = z.object({ orderId: z.string(), amount: z.number(), express: z.boolean().default(false) });
const ofOrder = z.object({ orderId: z.string() });

const confirmed = message("order.confirmed", order);
const reserve = message("inventory.reserve", ofOrder);
const reserved = message("inventory.reserved", z.object({ reservationId: z.string() }));
const release = message("inventory.release", z.object({ reservationId: z.string() }));
const mail = message("mail.send", ofOrder);
const points = message("points.add", ofOrder);
const take = message("points.take", ofOrder);
const ship = message("shipping.ship", z.object({ orderId: z.string(), reservationId: z.string() }));
const courier = message("courier.book", ofOrder);
const anything = z.unknown();

/** An order as a mediator runs it: one step, two side by side, a choice, a last step. */
export function orderProcess({
  timeoutMs = 1_000,
  mail: mailPatience,
  ...options
}: {
  onCompensationFailure?: ProcessDefinition["onCompensationFailure"];
  onStepFailure?: ProcessDefinition["onStepFailure"];
  endings?: ProcessDefinition["endings"];
  timeoutMs?: number;
  mail?: { timeoutMs: number; retry: RetryPolicy };
} = {}): ProcessDefinition {
  const retry = { retries: 1, baseMs: 100, factor: 2, capMs: 1_000, jitter: "none" } as const;
  return defineProcess("order-fulfilment", {
    startedBy: confirmed,
    key: ({ orderId }) => orderId,
    endings: { completed: "order.fulfilled", compensated: "order.cancelled" },
    ...options,
  })
    .step("inventory", {
      send: reserve,
      to: "inventory",
      data: ({ input }) => ({ orderId: input.orderId }),
      reply: reserved,
      refusals: [message("inventory.refused", anything)],
      timeoutMs,
      retry,
      undo: {
        send: release,
        data: ({ results }) => ({ reservationId: results.inventory?.reservationId ?? "" }),
        reply: message("inventory.released", anything),
        refusals: [message("inventory.release-refused", anything)],
        timeoutMs,
        retry,
      },
    })
    .parallel(
      (from) =>
        from.step("mail", {
          send: mail,
          data: ({ key }) => ({ orderId: key }),
          reply: message("mail.sent", anything),
          timeoutMs,
          retry,
          ...mailPatience,
        }),
      (from) =>
        from.step("points", {
          send: points,
          data: ({ key }) => ({ orderId: key }),
          reply: message("points.added", anything),
          refusals: [message("points.refused", anything)],
          timeoutMs,
          retry,
          undo: {
            send: take,
            data: ({ key }) => ({ orderId: key }),
            reply: message("points.taken", anything),
            timeoutMs,
            retry,
          },
        }),
    )
    .choose(
      "express",
      ({ input }) => input.express,
      (from) =>
        from.step("courier", {
          send: courier,
          data: ({ key }) => ({ orderId: key }),
          reply: message("courier.booked", anything),
          timeoutMs,
          retry,
        }),
    )
    .step("shipping", {
      send: ship,
      data: ({ key, results }) => ({ orderId: key, reservationId: results.inventory.reservationId }),
      reply: message("shipping.shipped", anything),
      refusals: [message("shipping.refused", anything)],
      timeoutMs,
      retry,
    })
    .build();
}
