import { expect, test } from "vitest";
import { isStackLine, userFrames } from "./stack-frames.ts";

const framesOf = (...lines: string[]) => userFrames(lines.join("\n"));

test("a frame of Node has its function and module, wherever and however it was built", () => {
  expect(
    framesOf(
      "TypeError: x",
      "    at new Price (C:\\shop\\src\\orders\\price.ts:3:9)",
      "    at async file:///app/src/main.ts:1:2",
      "    at Object.handle [as onEvent] (webpack-internal:///./src/orders/handle.ts:12:5)",
      "    at /app/dist/chunk-3F2A9C1B.js:1:20133",
    ),
  ).toEqual([
    "Price (orders/price)",
    "<anonymous> (src/main)",
    "handle (orders/handle)",
    "<anonymous> (dist/chunk-<id>)",
  ]);
});

test("frames of runtimes, frameworks and libraries are passed over", () => {
  expect(
    framesOf(
      "    at run (/app/node_modules/.pnpm/p-queue@8/index.js:1:2)",
      "    at run (/app/.yarn/cache/p-queue.zip/index.js:1:2)",
      "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
      "    at Array.map (<anonymous>)",
      "\tat java.base/java.lang.Thread.run(Thread.java:840)",
      "\tat app//org.springframework.web.Servlet.service(Servlet.java:1)",
      "   at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)",
      '  File "/usr/lib/python3.12/asyncio/runners.py", line 190, in run',
      '  File "<frozen importlib._bootstrap>", line 1, in _load',
      "/usr/local/bundle/gems/sidekiq-7.2.0/lib/sidekiq/processor.rb:210:in 'execute_job'",
      "#3 /var/www/vendor/laravel/framework/src/Job.php(12): Illuminate\\Job->fire()",
    ),
  ).toEqual([]);
});

test("what a compiler numbers has no number", () => {
  expect(framesOf("\tat com.acme.Orders$1.lambda$total$7(Orders.java:3)")).toEqual(["com.acme.Orders.total"]);
  expect(framesOf("   at Acme.Orders.<>c__DisplayClass5_0.<Total>b__1(Line line)")).toEqual([
    "Acme.Orders.Total",
  ]);
  expect(framesOf("main.run.func2.1()", "\t/build/main.go:22 +0x7b")).toEqual(["main.run"]);
});

test("PHP and Ruby are understood, blocks and all", () => {
  expect(framesOf("#0 /var/www/src/Order.php(12): App\\Order->total()", "#1 {main}")).toEqual([
    "App\\Order->total (src/Order)",
  ]);
  expect(framesOf("/app/lib/orders.rb:12:in `block (2 levels) in total'")).toEqual(["total (lib/orders)"]);
});

test("of a deep recursion one frame stays, and of a long trace the nearest five", () => {
  const frame = (name: string) => `    at ${name} (/app/src/tree.ts:1:2)`;
  expect(framesOf(...Array(200).fill(frame("walk")))).toEqual(["walk (src/tree)"]);
  expect(framesOf(...["a", "b", "c", "d", "e", "f"].map(frame))).toHaveLength(5);
});

test("a line of a trace is told from a line of words", () => {
  expect(isStackLine("    at handle (/app/src/handle.ts:1:2)")).toBe(true);
  expect(isStackLine("Traceback (most recent call last):")).toBe(true);
  for (const words of ["at noon the queue was full", "Order 5 is closed", "look at (the) log", ""]) {
    expect(isStackLine(words)).toBe(false);
  }
});
