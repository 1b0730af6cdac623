import { NonRetryableError } from "#server/domain/retry-policy.ts";

export const WAYS = ["push", "sms", "mail", "chat"] as const;
export type Way = (typeof WAYS)[number];

/** A customer as the router keeps them: how they are called, and by which ways they want to hear. */
export type Customer = { fullName: string; wants: readonly Way[] };

/** The router's own store, in memory: twenty customers, some with several ways, one with none. */
const CUSTOMERS: ReadonlyMap<string, Customer> = new Map(
  (
    [
      ["Aiko Tanaka", ["push"]],
      ["Ben Okafor", ["sms"]],
      ["Carla Rossi", ["mail"]],
      ["Daichi Mori", ["chat"]],
      ["Elif Demir", ["push", "mail"]],
      ["Farid Haddad", ["sms"]],
      ["Grace Lee", ["chat"]],
      ["Hana Novak", ["push"]],
      ["Ivan Petrov", ["mail"]],
      ["Julia Weber", ["sms", "chat"]],
      ["Kenji Sato", ["push"]],
      ["Lena Berg", ["mail"]],
      ["Marco Silva", ["sms"]],
      ["Nadia Khan", ["chat"]],
      ["Olu Adeyemi", ["push", "sms"]],
      ["Paula Gomez", ["mail"]],
      ["Quentin Roy", ["chat"]],
      ["Rin Kobayashi", ["push"]],
      ["Sara Lind", ["sms"]],
      ["Tom Baker", []],
    ] satisfies [string, Way[]][]
  ).map(([fullName, wants], index) => [`customer-${index + 1}`, { fullName, wants }]),
);

export const CUSTOMER_IDS: readonly string[] = [...CUSTOMERS.keys()];

/** Throws a `NonRetryableError` for somebody unknown: no further attempt would find them. */
export function lookUp(customerId: string): Customer {
  const customer = CUSTOMERS.get(customerId);
  if (customer !== undefined) return customer;
  throw new NonRetryableError(`The router knows no ${customerId}, so it can't tell where to send.`);
}
