import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offerRunActions } from "./run-action.ts";
import { isEnded } from "./state.ts";
import {
  at,
  BESIDE,
  cancel,
  compensate,
  possible,
  REFUSED,
  RESERVED,
  retry,
  skip,
} from "./testing/acting.ts";
import { REPLIES, Trial } from "./testing/trial.ts";

describe("What can be done", () => {
  test.each([
    {
      moment: "while the first step waits",
      trial: () => at({}),
      can: { retry: "inventory/do", skip: "inventory/do", compensate: "", cancel: "" },
    },
    {
      moment: "between two attempts of it",
      trial: () => {
        const trial = at({});
        trial.wait(1_000);
        return trial;
      },
      can: { retry: "inventory/do", skip: "inventory/do", compensate: "", cancel: "" },
    },
    {
      moment: "while two steps wait side by side",
      trial: () => at(RESERVED),
      can: { retry: "mail/do points/do", skip: "mail/do points/do", compensate: "", cancel: "" },
    },
    {
      moment: "when one failed beside another",
      trial: () => at({ ...RESERVED, "points.add": "points.refused" }),
      can: { retry: "mail/do points/do", skip: "mail/do points/do", compensate: "", cancel: "" },
    },
    {
      moment: "when a step was refused and a person decides",
      trial: () => at({ "inventory.reserve": "inventory.refused" }, { onStepFailure: "wait" }),
      can: {
        retry: "inventory/do",
        skip: "inventory/do",
        compensate: "nothing-to-take-back",
        cancel: "",
      },
    },
    {
      moment: "while it is taken back",
      trial: () => at(REFUSED),
      can: { retry: "points/undo", skip: "points/undo", compensate: "already-compensating", cancel: "" },
    },
    {
      moment: "when a compensation is stuck",
      trial: () =>
        at(
          { ...REFUSED, "points.take": "points.taken", "inventory.release": "inventory.release-refused" },
          { onCompensationFailure: "wait" },
        ),
      can: {
        retry: "inventory/undo",
        skip: "inventory/undo",
        compensate: "already-compensating",
        cancel: "",
      },
    },
    ...[
      { moment: "once it completed", replies: { ...BESIDE, "shipping.ship": "shipping.shipped" } },
      {
        moment: "once it was taken back",
        replies: { ...REFUSED, "points.take": "points.taken", "inventory.release": "inventory.released" },
      },
      { moment: "once it failed", replies: { "inventory.reserve": "inventory.refused" } },
    ].map(({ moment, replies }) => ({
      moment,
      trial: () => at(replies),
      can: { retry: "ended", skip: "ended", compensate: "ended", cancel: "ended" },
    })),
  ])("$moment", ({ trial, can }) => {
    const stands = trial();
    expect(possible(stands)).toEqual(can);
    const before = structuredClone(stands.state);
    for (const request of [retry("nobody"), skip("nobody"), compensate, cancel]) {
      const refusal = can[request.action];
      if (refusal !== "" && !refusal.includes("/")) {
        expect(stands.act(request)).toMatchObject({ kind: "refused", refusal });
      }
    }
    expect(stands.state).toEqual(before);
  });

  test("nothing, where the process is not declared", () => {
    const { state } = at({});
    expect(new Set(offerRunActions(null, state).map(({ refusal }) => refusal))).toEqual(
      new Set(["undeclared"]),
    );
  });
});

test("whatever is done whenever, a run ends, and once it has, nothing moves it", () => {
  const requests = [
    retry("inventory"),
    retry("points", true),
    retry("shipping"),
    skip("inventory", { reservationId: "r-2" }),
    skip("mail"),
    skip("points"),
    compensate,
    cancel,
  ];
  const move = fc.oneof(
    fc.record({ act: fc.constantFrom(...requests) }),
    fc.record({ answer: fc.nat(), isRefused: fc.boolean() }),
    fc.record({ wait: fc.constantFrom(100, 1_000) }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), fc.constantFrom("wait", "compensate"), (moves, policy) => {
      const trial = new Trial({}, { onStepFailure: policy });
      for (const one of moves) {
        if ("act" in one) trial.act(one.act);
        else if ("wait" in one) trial.wait(one.wait);
        else {
          const command = trial.sent[one.answer % trial.sent.length];
          const reply = REPLIES[command?.type ?? ""];
          const refusal = command?.type.replace(/\.\w+$/, ".refused") ?? "";
          trial.reply(command ?? null, one.isRefused ? refusal : (reply?.type ?? ""), reply?.data ?? {});
        }
        const { status, completed } = trial.state;
        expect(new Set(completed).size).toBe(completed.length);
        // Somebody has to move an open run: time, a reply, or a person.
        const isOpen = Object.values(possible(trial)).some((one) => one === "" || one.includes("/"));
        expect(isOpen).toBe(!isEnded(status));
      }
      for (let round = 0; round < 20 && !isEnded(trial.state.status); round += 1) {
        for (const command of [...trial.sent]) {
          const reply = REPLIES[command.type];
          trial.reply(command, reply?.type ?? "", reply?.data ?? {});
        }
        const [failed] = Object.entries(trial.state.steps).find(([, step]) => step.status === "failed") ?? [];
        if (failed !== undefined) trial.act(retry(failed));
        trial.wait(1_000);
      }
      expect(isEnded(trial.state.status)).toBe(true);
      const ended = structuredClone(trial.state);
      for (const request of requests) expect(trial.act(request)).toMatchObject({ refusal: "ended" });
      trial.wait(1_000_000);
      expect(trial.state).toEqual(ended);
    }),
  );
});
