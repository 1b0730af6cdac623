import { curlCommand } from "#components/lib/curl-command.ts";
import type { SubscriptionBody } from "./subscription-draft.ts";

/** What a person writes who wants every event of one kind posted to an address. */
export const EXAMPLE_CONSUMER = "mailer";
export const EXAMPLE_BODY = {
  channel: "*",
  filters: [{ prefix: { type: "com.example." } }],
  target: { kind: "http", url: "http://127.0.0.1:8080/events" },
} satisfies SubscriptionBody;

/** A command that creates or changes a subscription, as the console would. */
export function subscriptionCommand(origin: string, consumer: string, body: SubscriptionBody): string {
  return curlCommand("PUT", `${origin}/api/v1/subscriptions/${encodeURIComponent(consumer)}`, body);
}
