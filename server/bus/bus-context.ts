import type { Sql } from "#drizzle/db.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Log } from "#server/platform/log.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { SchemaRegistry } from "../schemas/schema-registry.ts";
import type { AttemptMeter } from "./attempt-meter.ts";
import type { ChannelsOf } from "./channels.ts";
import type { Handlers } from "./handlers.ts";
import type { PostEvent } from "./http-target.ts";
import type { Subscription } from "./subscription.ts";

/** What the parts of the bus share in one process. */
export type BusContext = {
  sql: Sql;
  names: NameCache;
  clock: Clock;
  log: Log;
  handlers: Handlers;
  postEvent: PostEvent;
  /** For handlers that read the newest version of an event; without it they get what was stored. */
  schemas?: Pick<SchemaRegistry, "find">;
  meter: AttemptMeter;
  /** This process, as it stands on leases. */
  worker: string;
  /** How long a lease holds without being renewed, milliseconds. */
  leaseMs: number;
  /** From 0 up to, not including, 1. */
  random: () => number;
  /** The routing of the present channels. */
  readonly channelsOf: ChannelsOf;
  /** The other consumers that compete with this one for the events of a queue. */
  peersOf: (subscription: Subscription) => Subscription[];
};
