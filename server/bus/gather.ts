/**
 * Does work for many at once: what is asked for while one round is under way goes into the next, at most `limit` of it.
 * A round that fails rejects all that were in it.
 *
 * @param work gives one result for each item, in order.
 * @param rounds that may be under way side by side; another one begins when half of `limit` waits for it.
 */
export function gather<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  limit: number,
  rounds = 1,
): (item: Item) => Promise<Result> {
  type Wish = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  const waiting: Wish[] = [];
  let working = 0;

  async function workOff(): Promise<void> {
    working += 1;
    // Whoever asks in the same moment comes along.
    await Promise.resolve();
    for (let round = waiting.splice(0, limit); round.length > 0; round = waiting.splice(0, limit)) {
      try {
        const results = await work(round.map(({ item }) => item));
        if (results.length !== round.length) throw new Error("A result for each item is needed.");
        for (const [index, result] of results.entries()) round[index]?.resolve(result);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    working -= 1;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (working === 0 || (working < rounds && 2 * waiting.length >= limit)) void workOff();
    });
}
