import { expect, test } from "vitest";
import { Turnstile } from "./turnstile.ts";

test("lets two tasks run at once and the others in order, also after one failed", async () => {
  const turnstile = new Turnstile(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<string>());
  const started: number[] = [];
  const results = gates.map((gate, index) =>
    turnstile.pass(() => {
      started.push(index);
      return gate.promise;
    }),
  );
  expect(started).toEqual([0, 1]);

  gates[1]?.reject(new Error("lost"));
  await expect(results[1]).rejects.toThrow("lost");
  expect(started).toEqual([0, 1, 2]);

  gates[0]?.resolve("first");
  expect(await results[0]).toBe("first");
  expect(started).toEqual([0, 1, 2, 3]);
  gates[2]?.resolve("third");
  gates[3]?.resolve("fourth");
  expect(await Promise.all([results[2], results[3]])).toEqual(["third", "fourth"]);
});
