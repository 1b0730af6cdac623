import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NoticeKind } from "./alert.ts";
import {
  type Advance,
  type AlertLife,
  acknowledgeAlert,
  advanceAlert,
  CALM_MS,
  endAlert,
  FORGOTTEN_MS,
  LONGEST_LOOK_AWAY_MS,
} from "./alert-life.ts";
import type { Observation } from "./condition.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const holds: Observation = { kind: "holds", value: 7 };
const clear: Observation = { kind: "clear", value: 1 };
const unknown: Observation = { kind: "unknown" };

type Act = Observation | "acknowledge" | "mute" | "unmute" | "end";

/** Lets one series live through what is seen of it; says where it stands after each, and what was told. */
class Series {
  nowMs = 0;
  isMuted = false;
  life: AlertLife | null = null;
  earlierMs: readonly number[] = [];
  readonly told: NoticeKind[] = [];
  readonly unheard: NoticeKind[] = [];
  readonly states: string[] = [];
  private readonly owed: AlertLife[] = [];
  readonly forMs: number;

  constructor(forMs = 0) {
    this.forMs = forMs;
  }

  see(act: Act, afterMs = 10 * SECOND_MS): this {
    this.nowMs += afterMs;
    if (act === "mute" || act === "unmute") this.isMuted = act === "mute";
    else this.take(this.advance(act));
    return this;
  }

  private advance(act: Exclude<Act, "mute" | "unmute">): Advance | null {
    const { nowMs, isMuted, forMs, earlierMs } = this;
    if (typeof act === "object") {
      if (this.life?.state === "resolved") this.owed.push(this.life);
      if (this.life?.state === "resolved") this.life = null;
      this.tellOwed();
      return advanceAlert(this.life, act, { nowMs, isMuted, forMs, earlierMs, lowIsWorse: false });
    }
    if (this.life === null) return null;
    if (act === "acknowledge") return acknowledgeAlert(this.life, { nowMs, isMuted });
    return endAlert(this.life, "resolved-by-hand", { nowMs, isMuted });
  }

  /** What was over while nobody was told is told as soon as the mute ends. */
  private tellOwed(): void {
    const { nowMs, isMuted, forMs } = this;
    for (const [index, life] of this.owed.entries()) {
      const { notice, life: next } = advanceAlert(life, unknown, {
        nowMs,
        isMuted,
        forMs,
        lowIsWorse: false,
      });
      if (next !== null) this.owed[index] = next;
      if (notice !== null && !notice.isMuted) this.told.push(notice.kind);
    }
  }

  private take(advance: Advance | null): void {
    if (advance === null) return;
    this.life = advance.life;
    this.states.push(advance.life?.state ?? "none");
    if (advance.life?.state === "resolved") this.earlierMs = advance.life.changesMs;
    const { notice } = advance;
    if (notice !== null) (notice.isMuted ? this.unheard : this.told).push(notice.kind);
  }
}

const repeat = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act);
const live = (acts: readonly Act[], forMs = 0, everyMs?: number): Series => {
  const series = new Series(forMs);
  for (const act of acts) series.see(act, everyMs);
  return series;
};

describe("An alert", () => {
  test.each<[string, Act[], number, string[], NoticeKind[]]>([
    ["fires at once without forMs", [clear, holds, holds], 0, ["none", "firing", "firing"], ["firing"]],
    ["is over when it does not hold", [holds, clear], 0, ["firing", "resolved"], ["firing", "resolved"]],
    [
      "waits as long as the rule asks",
      [holds, holds, holds, holds],
      30_000,
      ["pending", "pending", "pending", "firing"],
      ["firing"],
    ],
    [
      "that did not hold for long enough never was",
      [holds, holds, clear],
      30_000,
      ["pending", "pending", "none"],
      [],
    ],
    [
      "counts no time of which nothing is known",
      [holds, unknown, holds, holds, holds, holds],
      30_000,
      ["pending", "pending", "pending", "pending", "pending", "firing"],
      ["firing"],
    ],
    [
      "neither fires nor is over by what is unknown",
      [unknown, holds, unknown],
      0,
      ["none", "firing", "firing"],
      ["firing"],
    ],
    [
      "that was taken says so, and when it is over",
      [holds, "acknowledge", holds, clear],
      0,
      ["firing", "acknowledged", "acknowledged", "resolved"],
      ["firing", "acknowledged", "resolved"],
    ],
    ["is ended by hand", [holds, "end"], 0, ["firing", "resolved"], ["firing", "resolved"]],
    ["that is pending is ended without a word", [holds, "end"], 30_000, ["pending", "none"], []],
    [
      "that was taken is not taken again",
      [holds, "acknowledge", "acknowledge"],
      0,
      ["firing", "acknowledged"],
      ["firing", "acknowledged"],
    ],
  ])("%s", (_name, acts, forMs, states, told) => {
    const series = live(acts, forMs);
    expect(series.states).toEqual(states);
    expect(series.told).toEqual(told);
  });

  test("does not count the time in which nobody looked", () => {
    const series = new Series(LONGEST_LOOK_AWAY_MS).see(holds).see(holds, LONGEST_LOOK_AWAY_MS + 1);
    expect(series.life).toMatchObject({ state: "pending", heldMs: 0 });
  });

  test("of which nothing is known for long is over, and says why", () => {
    const series = live([holds]).see(unknown, FORGOTTEN_MS - 1);
    expect(series.life?.state).toBe("firing");
    const { life, step } = advanceAlert(series.life, unknown, {
      nowMs: series.nowMs + 1,
      forMs: 0,
      isMuted: false,
      lowIsWorse: false,
    });
    expect(life?.state).toBe("resolved");
    expect(step).toEqual({ state: "resolved", cause: "vanished", value: 7 });
  });

  test("keeps the worst value while it holds", () => {
    const values = [7, 12, 3].map((value): Observation => ({ kind: "holds", value }));
    expect(live([...values, clear]).life).toMatchObject({ value: 1, worst: 12 });
  });
});

describe("An alert that flaps", () => {
  const flapping = [holds, clear, holds, clear, holds];

  test("says so once, and says nothing of its further changes", () => {
    const series = live([...flapping, clear, holds, clear, holds, clear]);
    expect(series.told).toEqual(["firing", "resolved", "firing", "resolved", "flapping"]);
    expect(series.life?.state).toBe("flapping");
  });

  test("is over, or fires, once it is calm", () => {
    const over = live([...flapping, clear, ...repeat(CALM_MS / MINUTE_MS, clear)], 0, MINUTE_MS);
    expect(over.life?.state).toBe("resolved");
    expect(over.told.at(-1)).toBe("resolved");
    const fires = live([...flapping, ...repeat(CALM_MS / MINUTE_MS, holds)], 0, MINUTE_MS);
    expect(fires.life?.state).toBe("firing");
    expect(fires.told.slice(-2)).toEqual(["flapping", "firing"]);
  });

  test("changes that lie far apart are no flapping", () => {
    const acts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? holds : clear));
    expect(live(acts, 0, 16 * MINUTE_MS).told).not.toContain("flapping");
  });

  test("that was taken goes on flapping, and is taken when it is calm", () => {
    const series = live([...flapping, "acknowledge", ...repeat(CALM_MS / MINUTE_MS, holds)], 0, MINUTE_MS);
    expect(series.life?.state).toBe("acknowledged");
    expect(series.told.slice(-2)).toEqual(["flapping", "acknowledged"]);
  });
});

describe("A muted alert", () => {
  test("tells nobody, and tells what is still true afterwards", () => {
    const series = live(["mute", holds, holds]);
    expect(series.told).toEqual([]);
    expect(series.unheard).toEqual(["firing"]);
    series.see("unmute").see(holds).see(holds);
    expect(series.told).toEqual(["firing"]);
  });

  test("that was over meanwhile is told to those who heard that it fires, and to nobody else", () => {
    const heard = live([holds, "mute", clear]);
    expect(heard.told).toEqual(["firing"]);
    const { notice } = advanceAlert(heard.life, unknown, {
      nowMs: heard.nowMs + 1,
      forMs: 0,
      isMuted: false,
      lowIsWorse: false,
    });
    expect(notice).toEqual({ kind: "resolved", isMuted: false });
    expect(live(["mute", holds, clear, "unmute", clear]).told).toEqual([]);
  });
});

describe("Whatever happens to an alert", () => {
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Act>(holds, clear) },
    { weight: 1, arbitrary: fc.constantFrom<Act>(unknown, "acknowledge", "mute", "unmute", "end") },
  );
  const script = fc.record({
    acts: fc.array(fc.tuple(act, fc.integer({ min: 1, max: 20 * MINUTE_MS })), { maxLength: 120 }),
    forMs: fc.constantFrom(0, 30_000, 5 * MINUTE_MS),
  });

  test("nothing is told twice, what was told to fire is told to be over, and nothing fires too early", () => {
    fc.assert(
      fc.property(script, ({ acts, forMs }) => {
        const series = new Series(forMs);
        let heldMs = 0;
        let seenMs: number | null = null;
        for (const [next, afterMs] of acts) {
          const toldBefore = series.told.length;
          series.see(next, afterMs);
          // The model: for how long it was seen to hold, in looks that are not too far apart.
          if (next === holds) {
            const passedMs = seenMs === null ? Number.POSITIVE_INFINITY : series.nowMs - seenMs;
            heldMs += passedMs <= LONGEST_LOOK_AWAY_MS ? passedMs : 0;
            seenMs = series.nowMs;
          } else if (next === clear || next === "end") {
            heldMs = 0;
            seenMs = null;
          } else if (next === unknown) seenMs = null;
          const hasBegun = series.told.slice(toldBefore).some((kind) => kind === "firing");
          if (hasBegun) expect(heldMs).toBeGreaterThanOrEqual(forMs);
        }
        // Whoever is told of one alert after the other is never told the same twice in a row.
        let open = 0;
        for (const [index, kind] of series.told.entries()) {
          expect(kind === "resolved" ? "" : kind).not.toBe(series.told[index - 1]);
          if (kind === "resolved") expect(open--).toBe(1);
          else if (open === 0) open = 1;
        }
        series.see("unmute").see(unknown, 1);
        const isOpen = series.life !== null && !["pending", "resolved"].includes(series.life.state);
        const isBelieved = series.told.length > 0 && series.told.at(-1) !== "resolved";
        // One that was taken before anybody heard of it is nobody else's business any more.
        if (series.life?.state !== "acknowledged") expect(isBelieved).toBe(isOpen);
        else if (isBelieved) expect(isOpen).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
