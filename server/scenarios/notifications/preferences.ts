import { z } from "zod";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import type { SampleWork } from "../scenario.ts";

export const WAYS = ["push", "sms", "mail", "chat"] as const;
export type Way = (typeof WAYS)[number];

/** A customer as the router keeps them: how they are called, and by which ways they want to hear. */
export type Customer = { fullName: string; wants: readonly Way[] };

/** What the router knew of its customers on its first day: twenty of them, some with several ways, one with none. */
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

const stored = z.object({ fullName: z.string(), wants: z.array(z.enum(WAYS)) });
const change = z.object({ customerId: z.string(), wants: z.array(z.enum(WAYS)) });

/** A customer of the first day. Throws for somebody else. */
export function firstKnown(customerId: string): Customer {
  const customer = CUSTOMERS.get(customerId);
  if (customer === undefined) throw new Error(`${customerId} was no customer on the first day.`);
  return customer;
}

/**
 * A customer as the router's own store has them: as the last event about them left them. Throws a `NonRetryableError`
 * for somebody unknown: no further attempt would find them.
 */
export async function lookUp(customerId: string, { recall }: Pick<SampleWork, "recall">): Promise<Customer> {
  const known = stored.safeParse(await recall(customerId));
  if (known.success) return known.data;
  const customer = CUSTOMERS.get(customerId);
  if (customer !== undefined) return customer;
  throw new NonRetryableError(`The router knows no ${customerId}, so it can't tell where to send.`);
}

/** What a customer prefers from now on. Throws a `NonRetryableError` where it can't be read. */
export function readChange(data: object): z.infer<typeof change> {
  const read = change.safeParse(data);
  if (read.success) return read.data;
  throw new NonRetryableError(
    `This change of preferences does not say who wants what: ${read.error.message}`,
  );
}
