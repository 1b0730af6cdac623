import type { APIRequestContext } from "@playwright/test";

const SOURCES = { shop: "/shop/checkout", payment: "/payments", stock: "/warehouse/tokyo", mail: "/mail" };
const KINDS = { shop: "domain", payment: "integration", stock: "domain", mail: "integration" };

/**
 * Posts the events of a number of orders, as four services of a shop would, a few of them refused by the bank. One by
 * one, so that each has its own time.
 */
export async function postOrders(request: APIRequestContext, orders: number): Promise<void> {
  for (let number = 1; number <= orders; number += 1) {
    for (const data of eventsOfOrder(number)) {
      const headers = { "content-type": "application/cloudevents+json" };
      const response = await request.post("/api/v1/events", { headers, data });
      if (!response.ok()) throw new Error(`The event was not taken: ${await response.text()}`);
    }
  }
}

/** Appends an order to a stream of its own, from its draft to its delivery. */
export async function appendOrder(request: APIRequestContext, id: string): Promise<void> {
  const events = [
    { type: "order.drafted", data: { customerId: "c-118", currency: "JPY" } },
    { type: "order.line-added", data: { sku: "SENCHA-100", quantity: 2, unitPriceMinor: 1480 } },
    { type: "order.line-added", data: { sku: "TEAPOT-BLUE", quantity: 1, unitPriceMinor: 6200 } },
    { type: "order.line-removed", data: { sku: "SENCHA-100" } },
    { type: "order.placed", data: { totalMinor: 6200 } },
    { type: "order.paid", data: { paymentId: "pay-7731", amountMinor: 6200 } },
    { type: "order.reserved", data: { reservationId: "res-204" } },
    { type: "order.confirmed", data: { customerId: "c-118" } },
    { type: "order.shipped", data: { trackingId: "JP4410092" } },
  ].map((event, index) => ({ id: `${id}-${index + 1}`, source: SOURCES.shop, subject: id, ...event }));
  for (const [version, event] of events.entries()) {
    const data = { expectedVersion: version === 0 ? "none" : version, events: [event] };
    const response = await request.post(`/api/v1/streams/order/${id}`, { data });
    if (!response.ok()) throw new Error(`The order was not taken: ${await response.text()}`);
  }
}

/** Text, since a 64-bit account number would not survive `JSON.stringify`. */
function eventsOfOrder(number: number): string[] {
  const id = `order-${String(1000 + number)}`;
  const isRefused = number % 7 === 0;
  const amount = (1980 + ((number * 37) % 900) * 10).toFixed(2);
  const account = `90071992547409${String(10 + (number % 90))}`;
  const placed = event(
    id,
    "order.placed",
    "shop",
    null,
    `{"orderId":"${id}","amount":${amount},"currency":"JPY","items":${1 + (number % 4)}}`,
  );
  const paid = isRefused
    ? event(
        id,
        "payment.failed",
        "payment",
        "order.placed",
        `{"orderId":"${id}","account":${account},"reason":"card declined"}`,
      )
    : event(
        id,
        "payment.processed",
        "payment",
        "order.placed",
        `{"orderId":"${id}","account":${account},"amount":${amount}}`,
      );
  const rest = isRefused
    ? [
        event(
          id,
          "order.cancelled",
          "shop",
          "payment.failed",
          `{"orderId":"${id}","reason":"payment failed"}`,
        ),
      ]
    : [
        event(
          id,
          "inventory.reserved",
          "stock",
          "payment.processed",
          `{"orderId":"${id}","shelf":"B-${number % 12}"}`,
        ),
        event(id, "order.confirmed", "shop", "inventory.reserved", `{"orderId":"${id}"}`),
        event(id, "mail.sent", "mail", "order.confirmed", `{"orderId":"${id}","template":"confirmation"}`),
      ];
  return [placed, paid, ...rest];
}

function event(
  order: string,
  type: string,
  source: keyof typeof SOURCES,
  cause: string | null,
  data: string,
): string {
  const attributes = {
    specversion: "1.0",
    id: `${order}-${type}`,
    source: SOURCES[source],
    type,
    subject: order,
    time: new Date().toISOString(),
    kind: KINDS[source],
    correlationid: `flow-${order}`,
    partitionkey: order,
    ...(cause === null ? {} : { causationid: `${order}-${cause}` }),
  };
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${data}}`;
}
