import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { firstEventCommand } from "./first-event-command.ts";

test("a shell makes one valid event of it", () => {
  // Instead of curl, a function that prints the argument after -d.
  const script = `curl() { while [ "$1" != -d ]; do shift; done; printf %s "$2"; }\n${firstEventCommand("http://127.0.0.1:3000")}`;
  const body: unknown = JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
  expect(body).toMatchObject({
    specversion: "1.0",
    id: expect.stringMatching(/^hello-\d+$/),
    type: "com.example.hello",
    data: { message: "Hello, Nagare" },
  });
});
