import { findSubscription } from "#drizzle/queries/subscriptions.ts";
import type { RetryPolicy } from "#server/domain/retry-policy.ts";
import type { Context } from "#server/platform/context.ts";
import { deleteSubscription } from "../bus/delete-subscription.ts";
import { putChannel } from "../bus/put-channel.ts";
import { putSubscription } from "../bus/put-subscription.ts";
import { mediatorOf, subscribeMediator } from "../mediator/start-mediator.ts";
import {
  PATIENT_RETRY,
  qualifiedName,
  type SampleService,
  type Scenario,
  sourcePrefixOf,
} from "./scenario.ts";

const RETRY: RetryPolicy = { retries: 3, baseMs: 500, factor: 2, capMs: 4_000, jitter: "full" };
const CONCURRENCY = 4;
const TIMEOUT_MS = 8_000;

/** Makes the channels of a system and subscribes its services and its mediator; the same twice changes nothing. */
export async function subscribeScenario(
  ctx: Context,
  scenario: Scenario,
  optional: readonly string[],
): Promise<void> {
  const { name, channels, process } = scenario;
  for (const { name: channel, kind, carries } of channels) {
    const rules = carries.map((type) => ({ type, source: `${sourcePrefixOf(name)}*` }));
    const description = `Sample system ${name}.`;
    await putChannel(ctx, qualifiedName(name, channel), { kind, rules, description });
  }
  for (const service of consumersIn(scenario)) {
    if (service.isOptional !== true || optional.includes(service.name)) {
      await subscribeService(ctx, name, service);
    }
  }
  if (process !== null) await subscribeMediator(ctx, process, PATIENT_RETRY);
}

export async function subscribeService(
  ctx: Context,
  scenario: string,
  service: SampleService,
): Promise<void> {
  const { takes, channel, ordering = "none", concurrency = CONCURRENCY, retry = RETRY } = service;
  const consumer = qualifiedName(scenario, service.name);
  await putSubscription(ctx, consumer, {
    channel: channel === null ? null : qualifiedName(scenario, channel),
    filters: [
      { any: takes.map((type) => ({ exact: { type } })) },
      { prefix: { source: sourcePrefixOf(scenario) } },
    ],
    target: { kind: "handler", name: consumer },
    ordering,
    onDead: "continue",
    concurrency,
    retry,
    timeoutMs: TIMEOUT_MS,
    startFrom: "now",
  });
}

/** Ends the subscriptions of a system. What they still had to deliver again is discarded. */
export async function unsubscribeScenario(ctx: Context, scenario: Scenario): Promise<void> {
  const { name, process } = scenario;
  const consumers = consumersIn(scenario).map((service) => qualifiedName(name, service.name));
  if (process !== null) consumers.push(mediatorOf(process));
  for (const consumer of consumers) await unsubscribe(ctx, consumer);
}

export async function unsubscribe(ctx: Context, consumer: string): Promise<void> {
  if ((await findSubscription(ctx.sql, consumer)) !== null) await deleteSubscription(ctx, consumer);
}

/** Services that are called have no subscription. */
function consumersIn({ services, calls }: Scenario): readonly SampleService[] {
  return calls === undefined ? services : [];
}
