import { setTimeout as sleep } from "node:timers/promises";

type RoundOptions = {
  /** Of one round. */
  limit: number;
  /** That may be under way side by side; another one begins when half of `limit` waits for it. */
  rounds?: number;
  /** How long a round that is not half full waits for more. */
  restMs?: number;
  /** Whether more is to come soon: nothing is waited for otherwise. */
  isMoreToCome?: () => boolean;
};

/** Between two looks at whether a round has more to wait for. */
const LOOK_MS = 10;

/**
 * Does work for many at once, in rounds: what is asked for while one is under way goes into the next.
 *
 * @param work must not reject.
 */
export function inRounds<Item>(
  work: (items: Item[]) => Promise<void>,
  { limit, rounds = 1, restMs = 0, isMoreToCome = () => true }: RoundOptions,
): (item: Item) => void {
  const waiting: Item[] = [];
  let working = 0;

  async function workOff(): Promise<void> {
    working += 1;
    while (waiting.length > 0) {
      // Whoever asks in the same moment comes along.
      await Promise.resolve();
      for (let ms = restMs; ms > 0 && 2 * waiting.length < limit && isMoreToCome(); ms -= LOOK_MS)
        await sleep(Math.min(ms, LOOK_MS));
      const round = waiting.splice(0, limit);
      if (round.length > 0) await work(round);
    }
    working -= 1;
  }

  return (item) => {
    waiting.push(item);
    if (working === 0 || (working < rounds && 2 * waiting.length >= limit)) void workOff();
  };
}

/**
 * Does work for many at once, in rounds, and gives each its result. A round that fails rejects all that were in it.
 *
 * @param work gives one result for each item, in order.
 */
export function gather<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  limit: number,
): (item: Item) => Promise<Result> {
  type Wish = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  const wish = inRounds<Wish>(
    async (round) => {
      try {
        const results = await work(round.map(({ item }) => item));
        if (results.length !== round.length) throw new Error("A result for each item is needed.");
        for (const [index, result] of results.entries()) round[index]?.resolve(result);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    },
    { limit },
  );
  return (item) => new Promise((resolve, reject) => wish({ item, resolve, reject }));
}
