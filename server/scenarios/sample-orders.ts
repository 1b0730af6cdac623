import type { SampleUnit } from "./scenario.ts";

const CUSTOMERS = 20;
/** More than this is declined by the bank. */
export const CREDIT_LIMIT = 480;
/** More than this is not in stock. */
export const STOCK_LIMIT = 9;

export type SampleOrder = {
  orderId: string;
  customerId: string;
  amount: number;
  quantity: number;
  address: string;
};

/** An order of one of twenty customers; about one in twelve asks for more than there is, or more than the card gives. */
export function makeOrder(id: string, random: () => number): SampleOrder {
  const customer = 1 + Math.floor(random() * CUSTOMERS);
  return {
    orderId: `order-${id}`,
    customerId: `customer-${customer}`,
    amount: 5 + Math.floor(random() * 500),
    quantity: 1 + Math.floor(random() * (STOCK_LIMIT + 0.4)),
    address: `${customer} River Street`,
  };
}

/** How the order enters a system. */
export function orderUnit(type: string, order: SampleOrder): SampleUnit {
  return { type, kind: "integration", key: order.orderId, partitionKey: order.customerId, data: order };
}
