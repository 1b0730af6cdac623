import { randomUUID } from "node:crypto";
import type { Sql } from "#drizzle/db.ts";
import { listSubscriptions } from "#drizzle/queries/subscriptions.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Log } from "#server/platform/log.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { SchemaRegistry } from "../schemas/schema-registry.ts";
import { AttemptMeter } from "./attempt-meter.ts";
import type { BusContext } from "./bus-context.ts";
import { type ChannelsOf, loadRouting } from "./channels.ts";
import { countAttemptsOnce } from "./count-attempts.ts";
import type { Reservation } from "./deliver-due.ts";
import { Doorbell } from "./doorbell.ts";
import type { Handlers } from "./handlers.ts";
import type { PostEvent } from "./http-target.ts";
import { type Subscription, toSubscription } from "./subscription.ts";
import { SubscriptionRunner } from "./subscription-runner.ts";

const RELOAD_MS = 1_000;
const LEASE_MS = 30_000;
const COUNT_MS = 500;

export type BusOptions = {
  sql: Sql;
  names: NameCache;
  clock: Clock;
  log: Log;
  handlers: Handlers;
  postEvent: PostEvent;
  schemas?: Pick<SchemaRegistry, "find">;
  meter?: AttemptMeter;
  leaseMs?: number;
};

/** In whose name, and how much, deliveries can be claimed for this process. */
export type Claiming = { worker: string; leaseMs: number; reservations: Reservation[] };

/**
 * The delivering side of the bus in one process: a runner for every subscription that is active and whose target can
 * be reached from here. Subscriptions and channels are read anew every second, and at once after `reload`.
 */
export class Bus {
  readonly #context: BusContext;
  readonly #handlers: Handlers;
  readonly #runners = new Map<number, SubscriptionRunner>();
  readonly #ending = new Map<number, Promise<void>>();
  readonly #stop = new AbortController();
  #channelsOf: ChannelsOf = () => [];
  #subscriptions: Subscription[] = [];
  #reloading: Promise<void> = Promise.resolve();
  readonly #doorbell: Doorbell;
  #timer: NodeJS.Timeout | undefined;
  #counting: Promise<void> = Promise.resolve();
  #counter: NodeJS.Timeout | undefined;

  constructor({ leaseMs = LEASE_MS, meter = new AttemptMeter(), ...shared }: BusOptions) {
    const channelsOf = () => this.#channelsOf;
    this.#handlers = shared.handlers;
    this.#context = {
      ...shared,
      meter,
      worker: randomUUID(),
      leaseMs,
      random: Math.random,
      get channelsOf() {
        return channelsOf();
      },
      peersOf: ({ id, cursorId }) =>
        this.#subscriptions.filter((other) => other.cursorId === cursorId && other.id !== id),
    };
    this.#doorbell = new Doorbell(this.#context, () => [...this.#runners.values()]);
  }

  async start(): Promise<void> {
    await this.reload();
    this.#timer = setInterval(() => void this.reload().catch(this.#onReloadFailed), RELOAD_MS);
    this.#counter = setInterval(() => this.#count(), COUNT_MS);
  }

  /** Reads channels and subscriptions, and starts and stops runners accordingly. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.catch(() => {}).then(() => this.#reload());
    return this.#reloading;
  }

  /** Says that events were committed. */
  nudge(): void {
    this.#doorbell.ring();
  }

  /** Says that deliveries of a subscription were made due by other means than the bus's own. */
  nudgeDue(subscriptionId: number): void {
    this.#runners.get(subscriptionId)?.nudgeDue();
  }

  /** Keeps the room that consumers have here for deliveries that are claimed for this process by other means. */
  reserve(): Claiming {
    const { worker, leaseMs } = this.#context;
    const reservations = [...this.#runners.values()].flatMap((runner) => runner.reserve() ?? []);
    return { worker, leaseMs, reservations };
  }

  /** Takes nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    await this.#reloading.catch(() => {});
    await Promise.all([
      ...this.#ending.values(),
      ...[...this.#runners.values()].map((runner) => runner.stop()),
    ]);
    this.#runners.clear();
    clearInterval(this.#counter);
    this.#count();
    await this.#counting;
  }

  readonly #onReloadFailed = (error: unknown) => {
    this.#context.log.warn({ err: error }, "subscriptions.not-read");
  };

  /** Attempts that no process has counted yet are counted by whichever comes first. */
  #count(): void {
    this.#counting = this.#counting.then(async () => {
      try {
        while (await countAttemptsOnce(this.#context));
      } catch (error) {
        this.#context.log.warn({ err: error }, "attempts.not-counted");
      }
    });
  }

  async #reload(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const [channelsOf, rows] = await Promise.all([
      loadRouting(this.#context.sql),
      listSubscriptions(this.#context.sql),
    ]);
    this.#channelsOf = channelsOf;
    this.#subscriptions = rows.map(toSubscription);
    const wanted = new Map(
      this.#subscriptions.filter((one) => this.#isDeliveredHere(one)).map((one) => [one.id, one]),
    );
    for (const [id, runner] of this.#runners) {
      if (wanted.get(id)?.version === runner.subscription.version) continue;
      this.#runners.delete(id);
      // What it has under way may take long; the others go on, and its successor starts at the next look.
      this.#ending.set(
        id,
        runner.stop().finally(() => this.#ending.delete(id)),
      );
    }
    for (const [id, subscription] of wanted) {
      if (this.#runners.has(id) || this.#ending.has(id)) continue;
      this.#runners.set(id, new SubscriptionRunner(this.#context, subscription));
    }
  }

  #isDeliveredHere({ isPaused, target }: Subscription): boolean {
    if (isPaused || target.kind === "external") return false;
    return target.kind === "http" || this.#handlers.find(target.name) !== null;
  }
}
