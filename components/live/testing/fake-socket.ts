import type { LiveSocket } from "../socket.ts";

type Listener = (...values: unknown[]) => void;
type Sent = { event: string; values: unknown[] };

/** A socket whose other end is the test. */
export class FakeSocket {
  connected = false;
  readonly sent: Sent[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();

  /** As the code under test takes it: it uses only what is here. */
  asSocket(): LiveSocket {
    return this as unknown as LiveSocket;
  }

  on(event: string, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  off(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  timeout(): this {
    return this;
  }

  emit(event: string, ...values: unknown[]): this {
    this.sent.push({ event, values });
    return this;
  }

  connect(): void {
    this.connected = true;
    this.receive("connect");
  }

  disconnect(): void {
    this.connected = false;
    this.receive("disconnect");
  }

  receive(event: string, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...values);
  }

  /** Answers the last message of this name. */
  answer(event: string, ...values: unknown[]): void {
    const answer = this.sent.findLast((one) => one.event === event)?.values.at(-1);
    if (typeof answer !== "function") throw new Error(`No ${event} waits for an answer.`);
    answer(...values);
  }

  messages(event: string): unknown[] {
    return this.sent.filter((one) => one.event === event).map((one) => one.values[0]);
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }
}
