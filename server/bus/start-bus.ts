import { subscriptionOfDueTopic, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import type { Context } from "#server/platform/context.ts";
import type { Tail } from "../tail/tail.ts";
import { Bus } from "./bus.ts";
import { createPostEvent } from "./http-target.ts";
import { CONSUMERS_TOPIC } from "./record-change.ts";

/** Starts delivering in this process: woken by what is committed, and told at once of changed subscriptions. */
export async function startBus(
  ctx: Context,
  tail: Pick<Tail, "onAdvance">,
): Promise<Pick<Bus, "reserve" | "stop">> {
  const { sql, names, clock, log, handlers, schemas, env, meters } = ctx;
  const postEvent = createPostEvent(env, { clock });
  const bus = new Bus({ sql, names, clock, log, handlers, schemas, postEvent, meter: meters.attempts });
  await bus.start();
  const advancing = tail.onAdvance(() => bus.nudge());
  let isReloading = false;
  let isStale = false;
  // However many notices come, one look follows the one that is under way. What fails is read again within a second.
  const reload = () => {
    isStale = isReloading;
    if (isReloading) return;
    isReloading = true;
    void bus
      .reload()
      .catch(() => {})
      .finally(() => {
        isReloading = false;
        if (isStale) reload();
      });
  };
  const listening = await sql.listen(
    TOPICS_CHANNEL,
    (topic) => {
      if (topic === CONSUMERS_TOPIC) reload();
      const due = subscriptionOfDueTopic(topic);
      if (due !== null) bus.nudgeDue(due);
    },
    reload,
  );
  return {
    reserve: () => bus.reserve(),
    stop: async () => {
      advancing.stop();
      // Not waited for: it never ends when the database is gone.
      void listening.unlisten().catch(() => {});
      await bus.stop();
    },
  };
}
