import type { z } from "zod";
import { getLastPosition, isLogLongerThan, listLog } from "#drizzle/queries/event-log.ts";
import type { SummaryRow } from "#drizzle/queries/event-reading.ts";
import type { LiveFrame, LiveReset, subscribeSchema } from "#server/contract/live.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { freshness } from "../events/as-of.ts";
import { compileMatcher, type NameOf, needsData } from "../events/event-matcher.ts";
import { toSummary } from "../events/event-summary.ts";
import { nameIds, type Tail, type TailBatch } from "../tail/tail.ts";
import { Pacer } from "./pacer.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import type { Turnstile } from "./turnstile.ts";

/** Ten frames a second are as fluent as a person can follow. */
const FRAME_MS = 100;
/** A frame without rows only keeps the client's position near the end, so that resuming is cheap. */
const EMPTY_FRAME_MS = 2_000;
const MAX_FRAME_BYTES = 512 * 1024;

const CHUNK_ROWS = 5_000;
/** A second or two of reading; with payloads to search, a tenth as many rows cost as much. */
const MAX_GAP_ROWS = 200_000;
const MAX_SEARCHED_GAP_ROWS = 20_000;
const RETRY_MS = 1_000;

export type SubscriptionOptions = z.output<typeof subscribeSchema>;

/** What all subscriptions of the process share. */
export type SubscriptionHost = { ctx: Context; tail: Tail; catchUps: Turnstile };

/** How a subscription speaks. */
export type Outlet = {
  frame: (frame: LiveFrame, acknowledge: () => void) => void;
  reset: (reset: LiveReset) => void;
};

/**
 * One filter over the log, from a position on without an end.
 *
 * It catches up (reading the log in chunks until it stands where the tail stands), then follows (taking part in the
 * tail), until it is closed. Between the check that it stands where the tail stands and listening to it nothing else
 * runs, so that nothing is left out and nothing comes twice. Both ways fill one sample buffer, which is emptied into
 * frames at the pace of the client.
 */
export class Subscription {
  readonly #host: SubscriptionHost;
  readonly #options: SubscriptionOptions;
  readonly #outlet: Outlet;
  readonly #matches: (row: SummaryRow, nameOf: NameOf) => boolean;
  readonly #withData: boolean;
  readonly #buffer: SampleBuffer;
  readonly #frames: Pacer;
  readonly #closed = new AbortController();

  constructor(host: SubscriptionHost, options: SubscriptionOptions, outlet: Outlet) {
    this.#host = host;
    this.#options = options;
    this.#outlet = outlet;
    this.#matches = compileMatcher(options.filter);
    this.#withData = needsData(options.filter);
    this.#buffer = new SampleBuffer(options.after ?? host.tail.position, {
      maxRows: options.maxRows,
      maxBytes: MAX_FRAME_BYTES,
    });
    this.#frames = new Pacer(FRAME_MS, (acknowledge) => this.#sendFrame(acknowledge));
  }

  /** Begins, and gives the `from` of the first frame. */
  start(): string {
    const { position } = this.#buffer;
    if (this.#options.after === undefined) this.#follow();
    else void this.#resume();
    return position;
  }

  close(): void {
    this.#closed.abort();
    this.#frames.stop();
  }

  async #resume(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        const refusal = await this.#host.catchUps.pass(() => this.#refuseGap());
        if (signal.aborted) return;
        if (refusal) this.#reset(refusal);
        else await this.#catchUp();
        return;
      } catch (error) {
        this.#host.ctx.log.warn({ err: error }, "subscription.interrupted");
        await pause(RETRY_MS, signal);
      }
    }
  }

  async #refuseGap(): Promise<LiveReset["reason"] | null> {
    const { ctx, tail } = this.#host;
    const after = this.#buffer.position;
    if (BigInt(after) > BigInt(await getLastPosition(ctx.sql))) return "unknown-position";
    const rows = this.#withData ? MAX_SEARCHED_GAP_ROWS : MAX_GAP_ROWS;
    const isTooWide = await isLogLongerThan(ctx.sql, { after, upTo: tail.position, rows });
    return isTooWide ? "gap-too-wide" : null;
  }

  async #catchUp(): Promise<void> {
    const { ctx, tail, catchUps } = this.#host;
    while (!this.#closed.signal.aborted) {
      const after = this.#buffer.position;
      const upTo = tail.position;
      if (Number(after) >= Number(upTo)) return this.#follow();
      const { rows, nameOf } = await catchUps.pass(async () => {
        const read = { after, upTo, limit: CHUNK_ROWS, withData: this.#withData };
        const rows = await listLog(ctx.sql, read);
        return { rows, nameOf: await ctx.names.resolve(rows.flatMap(nameIds)) };
      });
      this.#take({ to: rows.at(-1)?.position ?? upTo, rows, nameOf });
    }
  }

  /** Runs on the tail from where it stands; what this subscription already holds is passed over. */
  #follow(): void {
    const { signal } = this.#closed;
    if (signal.aborted) return;
    const take = (batch: TailBatch) => this.#take(batch);
    const { stop } = this.#host.tail.listen(take, { withData: this.#withData });
    signal.addEventListener("abort", stop, { once: true });
  }

  #take({ to, rows, nameOf }: Pick<TailBatch, "to" | "rows" | "nameOf">): void {
    const held = Number(this.#buffer.position);
    if (this.#closed.signal.aborted || Number(to) <= held) return;
    const matches = rows.filter((row) => Number(row.position) > held && this.#matches(row, nameOf));
    this.#buffer.push(to, matches, (row) => toSummary(row, nameOf));
    this.#frames.request(this.#buffer.matched > 0 ? FRAME_MS : EMPTY_FRAME_MS);
  }

  #sendFrame(acknowledge: () => void): void {
    const { ctx, tail } = this.#host;
    const asOf = freshness(ctx, tail.position);
    this.#outlet.frame({ key: this.#options.key, ...this.#buffer.take(), asOf }, acknowledge);
  }

  #reset(reason: LiveReset["reason"]): void {
    const { position } = this.#host.tail;
    this.#buffer.restart(position);
    this.#outlet.reset({ key: this.#options.key, position, reason });
    this.#follow();
  }
}
