import type { ProcessDefinition } from "#server/domain/processes/definition.ts";
import { typesAwaited } from "#server/domain/processes/definition.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "#server/domain/retry-policy.ts";
import type { Context } from "#server/platform/context.ts";
import { putSubscription } from "../bus/put-subscription.ts";
import { takeMessage } from "./take-message.ts";

const CONCURRENCY = 16;
const TIMEOUT_MS = 30_000;

/** The name of the consumer that a process's mediator is. */
export function mediatorOf({ name, mediator }: ProcessDefinition): string {
  return mediator?.consumer ?? `mediator.${name}`;
}

/** Declares a process and has this program take its messages, for as long as its subscription is there. */
export function registerMediator(ctx: Context, definition: ProcessDefinition): void {
  ctx.processes.declare(definition);
  ctx.handlers.register(mediatorOf(definition), {
    transaction: "each",
    handle: (event, context) =>
      takeMessage({ clock: ctx.clock, random: Math.random }, definition, event, context),
  });
}

/** Subscribes the mediator of a declared process to what begins it and to the replies; the same twice changes nothing. */
export async function subscribeMediator(
  ctx: Context,
  definition: ProcessDefinition,
  retry: RetryPolicy = DEFAULT_RETRY_POLICY,
): Promise<void> {
  const consumer = mediatorOf(definition);
  await putSubscription(ctx, consumer, {
    channel: null,
    filters: [
      { any: typesAwaited(definition).map((type) => ({ exact: { type } })) },
      ...(definition.mediator === undefined ? [] : [{ prefix: { source: definition.mediator.hears } }]),
    ],
    target: { kind: "handler", name: consumer },
    ordering: "none",
    onDead: "continue",
    concurrency: CONCURRENCY,
    retry,
    timeoutMs: TIMEOUT_MS,
    startFrom: "now",
  });
}
