import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import type { RuleDto, RuleListDto } from "#server/contract/failure-rules.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { applyRulesOnce } from "#server/failure-rules/apply-rules.ts";
import { openLetters, type TestLetters } from "../testing/open-letters.ts";

let api: TestLetters;
/** What the consumer `till` fails with, by event type. */
const errors = new Map<string, string>();

beforeAll(async () => {
  api = await openLetters();
  await api.startBus();
  api.handlers.register("till", {
    transaction: "none",
    handle: async (event) => {
      const error = errors.get(event.type);
      if (error !== undefined) throw new NonRetryableError(error);
    },
  });
  await api.subscribe("till");
});
afterAll(() => api.close());

beforeEach(async () => {
  for (const { id } of (await listRules()).rules) await api.ask("DELETE", `/api/v1/failure-rules/${id}`);
});

async function listRules(): Promise<RuleListDto> {
  return (await api.ask("GET", "/api/v1/failure-rules")).body;
}

/** Lets events of a type die with a message; gives their positions. */
async function die(type: string, message: string, count = 1): Promise<string[]> {
  errors.set(type, message);
  const positions = await api.append(Array.from({ length: count }, () => ({ type })));
  await until(async () => {
    await api.settleKeeper();
    return (await statusesOf(positions)).length === count;
  });
  return positions;
}

async function statusesOf(positions: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    positions.map((position) => api.ask("GET", `/api/v1/dead-letters/${position}/till`)),
  );
  return answers.filter(({ status }) => status === 200).map(({ body }) => body.status);
}

const discard = { kind: "discard", reason: "Nobody waits for it." };

async function make(rule: object): Promise<RuleDto> {
  const { status, body } = await api.ask("POST", "/api/v1/failure-rules", {
    isOn: true,
    action: discard,
    ...rule,
  });
  expect(status).toBe(201);
  return body;
}

describe("Making rules", () => {
  test.each([
    [{}, "no conditions"],
    [{ conditions: { consumer: "*" } }, "Narrow"],
    [{ conditions: { type: "a.*" }, action: { kind: "replay" } }, "maxAttempts"],
    [{ conditions: { type: "a.*", minAgeMs: 5, maxAgeMs: 4 } }, "such an age"],
  ])("refuses one that could do harm: %j", async (rule, words) => {
    const input = { name: "Harm", conditions: {}, action: discard, ...rule };
    const { status, body } = await api.ask("POST", "/api/v1/failure-rules", input);
    expect(status).toBe(400);
    expect(body.detail).toContain(words);
  });

  test("keeps their order, and refuses a name that is taken and an order of other rules", async () => {
    const first = await make({ name: "First", conditions: { type: "a" } });
    const second = await make({ name: "Second", conditions: { type: "b" } });
    const same = await api.ask("POST", "/api/v1/failure-rules", {
      name: "first",
      conditions: { type: "c" },
      action: discard,
    });
    expect(same).toMatchObject({ status: 409, body: { code: "conflict" } });
    const order = (ids: number[]) => api.ask("POST", "/api/v1/failure-rules/order", { ids });
    expect((await order([second.id, first.id])).body.rules.map(({ name }: RuleDto) => name)).toEqual([
      "Second",
      "First",
    ]);
    for (const ids of [[first.id], [first.id, first.id], [first.id, second.id, 999_999]]) {
      expect((await order(ids)).status).toBe(409);
    }
    expect((await api.ask("PUT", "/api/v1/failure-rules/999999", { ...first, id: undefined })).status).toBe(
      400,
    );
  });
});

describe("Applying rules", () => {
  test("discards what dies from now on, says which rule did it, and leaves what was parked before", async () => {
    const before = await die("ordered", "The basket is empty.");
    const rule = await make({ name: "Empty baskets", conditions: { message: "*basket*" } });
    const after = await die("ordered", "The basket is empty.", 3);
    const others = await die("paid", "The card was declined.");
    await applyRulesOnce(api.ctx);
    expect(await statusesOf(before)).toEqual(["parked"]);
    expect(await statusesOf(after)).toEqual(["discarded", "discarded", "discarded"]);
    expect(await statusesOf(others)).toEqual(["parked"]);
    const { body: letter } = await api.ask("GET", `/api/v1/dead-letters/${after[0]}/till`);
    expect(letter.history).toContainEqual(
      expect.objectContaining({ kind: "discarded", by: "rule:Empty baskets", reason: discard.reason }),
    );
    expect((await listRules()).rules).toMatchObject([{ id: rule.id, taken: 3 }]);

    await api.ask("PUT", `/api/v1/failure-rules/${rule.id}`, {
      name: rule.name,
      isOn: true,
      conditions: rule.conditions,
      action: rule.action,
      takesParked: true,
    });
    await applyRulesOnce(api.ctx);
    expect(await statusesOf(before)).toEqual(["discarded"]);
  });

  test("takes no more than it may in a minute, and the others later", async () => {
    await make({ name: "Two a minute", conditions: { type: "limited" }, perMinute: 2 });
    const positions = await die("limited", "Full.", 5);
    await applyRulesOnce(api.ctx);
    await applyRulesOnce(api.ctx);
    expect((await statusesOf(positions)).filter((status) => status === "discarded")).toHaveLength(2);
    await api.sql`update failure_rules set allowance_at = allowance_at - interval '1 minute'`;
    await applyRulesOnce(api.ctx);
    expect((await statusesOf(positions)).filter((status) => status === "discarded")).toHaveLength(4);
  });

  test("waits until a letter is old enough, and lets the first rule that matches decide", async () => {
    await make({ name: "Later", conditions: { type: "aged", minAgeMs: 3_600_000 } });
    await make({
      name: "Owner first",
      conditions: { type: "owned" },
      action: { kind: "assign", owner: "ana" },
    });
    await make({ name: "Then away", conditions: { type: "owned" } });
    const aged = await die("aged", "Too young.");
    const owned = await die("owned", "Somebody should look.");
    await applyRulesOnce(api.ctx);
    expect(await statusesOf([...aged, ...owned])).toEqual(["parked", "parked"]);
    const { body: letter } = await api.ask("GET", `/api/v1/dead-letters/${owned[0]}/till`);
    const { body: failureCase } = await api.ask("GET", `/api/v1/failure-cases/${letter.case}`);
    expect(failureCase.owner).toBe("ana");
    await api.sql`update dead_letters set died_at = died_at - interval '2 hours' where position = ${aged[0] ?? ""}`;
    await applyRulesOnce(api.ctx);
    expect(await statusesOf([...aged, ...owned])).toEqual(["discarded", "parked"]);
  });

  test("replays what it takes, as an operation that names the rule", async () => {
    const rule = await make({
      name: "Try again",
      conditions: { type: "mended", maxAttempts: 5 },
      action: { kind: "replay" },
    });
    const positions = await die("mended", "Out of order.", 3);
    errors.delete("mended");
    await applyRulesOnce(api.ctx);
    const { body } = await api.ask("GET", "/api/v1/replays");
    expect(body.replays).toMatchObject([
      {
        by: "rule:Try again",
        rule: { id: rule.id, name: rule.name },
        totals: { itemCount: positions.length },
      },
    ]);
  });
});

describe("Simulating a rule", () => {
  test("says what it would have taken, what became of it, and what a rule before it takes", async () => {
    await die("tried", "Refused by the bank.", 4);
    const off = await make({ name: "Off", isOn: false, conditions: { type: "tried" } });
    const simulate = async (body: object) =>
      (await api.ask("POST", "/api/v1/failure-rules/simulate", body)).body;
    const rule = { name: "Bank", conditions: { type: "tried", minAgeMs: 0 }, action: discard, perMinute: 3 };
    expect(await simulate({ rule })).toMatchObject({
      taken: 4,
      isCut: false,
      became: { parked: 4, discarded: 0 },
      takenBefore: [],
      cases: [{ letters: 4, type: "tried", consumer: "till" }],
    });
    expect((await simulate({ rule })).samples).toHaveLength(4);
    await api.ask("PUT", `/api/v1/failure-rules/${off.id}`, {
      name: off.name,
      isOn: true,
      conditions: off.conditions,
      action: discard,
    });
    expect(await simulate({ rule })).toMatchObject({
      taken: 0,
      takenBefore: [{ id: off.id, name: "Off", letters: 4 }],
    });
    expect(await simulate({ rule, id: off.id })).toMatchObject({ taken: 4, takenBefore: [] });
  });
});
