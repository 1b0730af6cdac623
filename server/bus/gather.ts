/**
 * Does work for many at once, in rounds: what is asked for while one is under way goes into the next, at most `limit` of it.
 *
 * @param work must not reject.
 * @param rounds that may be under way side by side; another one begins when half of `limit` waits for it.
 */
export function inRounds<Item>(
  work: (items: Item[]) => Promise<void>,
  limit: number,
  rounds = 1,
): (item: Item) => void {
  const waiting: Item[] = [];
  let working = 0;

  async function workOff(): Promise<void> {
    working += 1;
    // Whoever asks in the same moment comes along.
    await Promise.resolve();
    for (let round = waiting.splice(0, limit); round.length > 0; round = waiting.splice(0, limit))
      await work(round);
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
  const wish = inRounds<Wish>(async (round) => {
    try {
      const results = await work(round.map(({ item }) => item));
      if (results.length !== round.length) throw new Error("A result for each item is needed.");
      for (const [index, result] of results.entries()) round[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of round) reject(error);
    }
  }, limit);
  return (item) => new Promise((resolve, reject) => wish({ item, resolve, reject }));
}
