import { z } from "zod";
import { defineProcess } from "#server/domain/processes/define-process.ts";
import { message, type ProcessView } from "#server/domain/processes/definition.ts";
import { mediatorIn } from "../scenario.ts";

const SYSTEM = "orders-mediator";
const PATIENCE = {
  timeoutMs: 5_000,
  retry: { retries: 2, baseMs: 1_000, factor: 2, capMs: 8_000, jitter: "full" },
} as const;

const order = z.looseObject({ orderId: z.string(), customerId: z.string(), amount: z.number() });
type Order = z.infer<typeof order>;
const anything = z.unknown();

/** The whole order, sent to a service by its queue, with what it answers. */
function ask(service: string, command: string, reply: string, refusal?: string) {
  return {
    send: message(command, order),
    to: `${SYSTEM}.${service}`,
    data: ({ input }: ProcessView<Order, unknown>) => input,
    reply: message(reply, anything),
    refusals: refusal === undefined ? [] : [message(refusal, anything)],
    ...PATIENCE,
  };
}

/** What the mediator does with an order. What was done is taken back in reverse when a later step is refused. */
export const orderProcess = defineProcess(`${SYSTEM}.order`, {
  startedBy: message("order.confirmed", order),
  key: ({ orderId }) => orderId,
  endings: { completed: "order.fulfilled", compensated: "order.cancelled", failed: "order.cancelled" },
  mediator: mediatorIn(SYSTEM),
})
  .step("payment", {
    ...ask("payment", "payment.charge", "payment.charged", "payment.declined"),
    undo: ask("payment", "payment.refund", "payment.refunded"),
  })
  .step("inventory", {
    ...ask("inventory", "inventory.reserve", "inventory.reserved", "inventory.out-of-stock"),
    undo: ask("inventory", "inventory.release", "inventory.released"),
  })
  .parallel(
    // Mail may be late: asked again too early, it would only have more to do.
    (from) => from.step("mail", { ...ask("mail", "mail.send", "mail.sent"), timeoutMs: 20_000 }),
    (from) => from.step("points", ask("points", "points.credit", "points.credited")),
  )
  .step("shipping", {
    ...ask("shipping", "shipping.ship", "shipping.shipped", "shipping.refused"),
    undo: ask("shipping", "shipping.cancel", "shipping.cancelled"),
  })
  .build();
