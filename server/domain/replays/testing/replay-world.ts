import {
  type ItemEnd,
  nextItems,
  overdueItems,
  type ReplayItem,
  readyItems,
  settleItem,
} from "../next-items.ts";
import { moveReplay, newReplayRun, type ReplayOptions, type ReplayRun } from "../replay-run.ts";

/** What happens to a replay from outside. */
export type Happening =
  | { kind: "wait"; ms: number }
  /** A worker looks for items to start. */
  | { kind: "look" }
  /** One of the items that were ever started ends, perhaps again, perhaps late. */
  | { kind: "end"; pick: number; end: ItemEnd }
  /** What has been awaited for too long is given up. */
  | { kind: "sweep" }
  | { kind: "pause" | "resume" | "cancel" };

export type Start = { id: string; atMs: number; wasInFlight: number; hadEnded: number };

/** A replay as workers keep it: a run and its items, stored after every change. */
export class ReplayWorld {
  run: ReplayRun;
  items: ReplayItem[];
  nowMs = 1_000_000;
  readonly starts: Start[] = [];
  /** Everything is written down as text and read again, as if each step were done by another process. */
  readonly restartsAlways: boolean;

  constructor(options: ReplayOptions, items: readonly ReplayItem[], restartsAlways = false) {
    const move = moveReplay(newReplayRun(options, items.length), "start");
    if (move.kind === "refused") throw new Error("A planned replay can be started.");
    this.run = move.run;
    this.items = [...items];
    this.restartsAlways = restartsAlways;
  }

  do(happening: Happening): void {
    switch (happening.kind) {
      case "wait":
        this.nowMs += happening.ms;
        break;
      case "look":
        this.#look();
        break;
      case "end":
        this.#end(this.starts[happening.pick % Math.max(1, this.starts.length)]?.id, happening.end);
        break;
      case "sweep":
        for (const { id } of overdueItems(this.run, this.items, this.nowMs))
          this.#end(id, { kind: "unknown" });
        break;
      default: {
        const move = moveReplay(this.run, happening.kind);
        if (move.kind === "moved") this.run = move.run;
      }
    }
    if (this.restartsAlways) {
      this.run = JSON.parse(JSON.stringify(this.run));
      this.items = JSON.parse(JSON.stringify(this.items));
    }
  }

  inFlight(): ReplayItem[] {
    return this.items.filter(({ state }) => state.kind === "in-flight");
  }

  ended(): ReplayItem[] {
    return this.items.filter(({ state }) => state.kind === "ended");
  }

  #look(): void {
    const { run, items } = nextItems(this.run, readyItems(this.items), this.nowMs);
    for (const item of items) {
      const [wasInFlight, hadEnded] = [this.inFlight().length, this.ended().length];
      this.starts.push({ id: item.id, atMs: this.nowMs, wasInFlight, hadEnded });
      this.#store(item);
    }
    this.run = run;
  }

  #end(id: string | undefined, end: ItemEnd): void {
    const item = this.items.find((candidate) => candidate.id === id);
    const settled = item === undefined ? null : settleItem(this.run, item, end);
    if (settled?.kind !== "settled") return;
    this.run = settled.run;
    this.#store(settled.item);
  }

  #store(item: ReplayItem): void {
    this.items = this.items.map((known) => (known.id === item.id ? item : known));
  }
}

/** An item that has not been started. */
export const waiting = (id: string, key: string | null = null): ReplayItem => ({
  id,
  key,
  fingerprint: "1-old",
  state: { kind: "waiting" },
});

/** Looks and ends everything in flight, in the way given, until nothing moves any more. */
export function drive(world: ReplayWorld, endOf: (id: string) => ItemEnd, ms = 1000): void {
  for (let turn = 0; turn < 2000 && world.run.status === "running"; turn += 1) {
    world.do({ kind: "look" });
    for (const { id } of world.inFlight()) {
      const pick = world.starts.findIndex((start) => start.id === id);
      world.do({ kind: "end", pick, end: endOf(id) });
    }
    world.do({ kind: "wait", ms });
  }
}
