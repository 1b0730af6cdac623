import type { Socket } from "socket.io";
import { z } from "zod";
import {
  type ClientToServer,
  type Refusal,
  type ServerToClient,
  type SubscribeAnswer,
  subscribeSchema,
  topicSchema,
  type WatchAnswer,
} from "#server/contract/live.ts";
import { Pacer } from "./pacer.ts";
import { Subscription, type SubscriptionHost } from "./subscription.ts";
import type { Topics } from "./topics.ts";

export type LiveSocket = Socket<ClientToServer, ServerToClient>;

const MAX_SUBSCRIPTIONS = 20;
const MAX_TOPICS = 50;
const HINTS_MS = 100;

/**
 * One connected client: its subscriptions and the topics that it watches. Whatever the client sends is checked here;
 * what can't be used is answered, or let go when it asks for no answer.
 */
export class Session {
  readonly #socket: LiveSocket;
  readonly #host: SubscriptionHost;
  readonly #topics: Topics;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #watched = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #hints: Pacer;

  constructor(socket: LiveSocket, host: SubscriptionHost, topics: Topics) {
    this.#socket = socket;
    this.#host = host;
    this.#topics = topics;
    this.#hints = new Pacer(HINTS_MS, (acknowledge) => this.#sendHints(acknowledge));
    socket.on("subscribe", (request, answer) => this.#reply(answer, () => this.#subscribe(request)));
    socket.on("unsubscribe", (key) => this.#unsubscribe(key));
    socket.on("watch", (topic, answer) => this.#reply(answer, () => this.#watch(topic)));
    socket.on("unwatch", (topic) => this.#unwatch(topic));
    socket.on("disconnect", () => this.close());
  }

  /** Says that something under a watched topic changed. */
  hint(topic: string): void {
    this.#changed.add(topic);
    this.#hints.request();
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    for (const topic of this.#watched) this.#topics.unwatch(topic, this);
    this.#watched.clear();
    this.#hints.stop();
  }

  #subscribe(request: unknown): SubscribeAnswer {
    const parsed = subscribeSchema.safeParse(request);
    if (!parsed.success) return { ok: false, code: "invalid", message: z.prettifyError(parsed.error) };
    const { key } = parsed.data;
    this.#unsubscribe(key);
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return tooMany(
        `A connection has at most ${MAX_SUBSCRIPTIONS} subscriptions. Unsubscribe from one first.`,
      );
    }
    const subscription = new Subscription(this.#host, parsed.data, {
      frame: (frame, acknowledge) => this.#socket.emit("frame", frame, acknowledge),
      reset: (reset) => this.#socket.emit("reset", reset),
    });
    this.#subscriptions.set(key, subscription);
    return { ok: true, key, position: subscription.start() };
  }

  /** @param key whatever the client sent: a key that is unknown stops nothing. */
  #unsubscribe(key: string): void {
    this.#subscriptions.get(key)?.close();
    this.#subscriptions.delete(key);
  }

  #watch(topic: unknown): WatchAnswer {
    const parsed = topicSchema.safeParse(topic);
    if (!parsed.success) return { ok: false, code: "invalid", message: z.prettifyError(parsed.error) };
    if (this.#watched.size >= MAX_TOPICS && !this.#watched.has(parsed.data)) {
      return tooMany(`A connection watches at most ${MAX_TOPICS} topics. Unwatch one first.`);
    }
    this.#watched.add(parsed.data);
    this.#topics.watch(parsed.data, this);
    return { ok: true, topic: parsed.data };
  }

  #unwatch(topic: string): void {
    if (!this.#watched.delete(topic)) return;
    this.#changed.delete(topic);
    this.#topics.unwatch(topic, this);
  }

  #sendHints(acknowledge: () => void): void {
    const topics = [...this.#changed];
    this.#changed.clear();
    if (topics.length > 0) this.#socket.emit("hints", topics, acknowledge);
    else acknowledge();
  }

  /** @param answer a client may leave it out, or send anything in its place. */
  #reply<Answer>(answer: (value: Answer | Refusal) => void, ask: () => NoInfer<Answer | Refusal>): void {
    const give = typeof answer === "function" ? answer : () => {};
    try {
      give(ask());
    } catch (error) {
      this.#host.ctx.log.error({ err: error }, "live-request.failed");
      give({ ok: false, code: "internal", message: "The server failed at this request. Its log says why." });
    }
  }
}

function tooMany(message: string): Refusal {
  return { ok: false, code: "too-many", message };
}
