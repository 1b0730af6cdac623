import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { subscriptionInputSchema } from "#server/contract/bus.ts";
import { EXAMPLE_BODY, EXAMPLE_CONSUMER, subscriptionCommand } from "./subscription-command.ts";
import type { SubscriptionBody } from "./subscription-draft.ts";

/** What a shell would send: instead of curl, a function that prints the argument after -d. */
function bodyInShell(command: string): unknown {
  const script = `curl() { while [ "$1" != -d ]; do shift; done; printf %s "$2"; }\n${command}`;
  return JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
}

test("the example is a subscription that the API takes", () => {
  const command = subscriptionCommand("http://127.0.0.1:3000", EXAMPLE_CONSUMER, EXAMPLE_BODY);
  expect(subscriptionInputSchema.safeParse(bodyInShell(command)).success).toBe(true);
  expect(command).toContain("-X PUT http://127.0.0.1:3000/api/v1/subscriptions/mailer ");
});

test("quotes and what a shell would expand arrive as they were", () => {
  const body: SubscriptionBody = {
    filters: [{ exact: { subject: 'it\'s $HOME `date` "quoted" \\ ' } }],
    target: { kind: "handler", name: "o'clock" },
  };
  expect(bodyInShell(subscriptionCommand("http://127.0.0.1:3000", "one", body))).toEqual(body);
});
