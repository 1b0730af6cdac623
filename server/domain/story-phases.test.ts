import { describe, expect, test } from "vitest";
import { type FaultChange, phasesOf, storiesOf } from "./story-phases.ts";

const injected = (at: number, service: string, endsAt: number | null = null): FaultChange => ({
  at,
  kind: "injected",
  service,
  preset: null,
  endsAt,
});

describe("Stories", () => {
  test("end by themselves, by a person, or with their system", () => {
    expect(storiesOf([injected(10, "mail", 70)])).toMatchObject([{ from: 10, to: 70 }]);
    expect(storiesOf([injected(10, "mail", 70), { at: 30, kind: "removed", service: "mail" }])).toMatchObject(
      [{ from: 10, to: 30 }],
    );
    expect(
      storiesOf([injected(10, "mail"), injected(20, "points"), { at: 40, kind: "stopped" }]),
    ).toMatchObject([
      { service: "mail", to: 40 },
      { service: "points", to: 40 },
    ]);
  });

  test("end when another takes their place, and only in the same service", () => {
    expect(storiesOf([injected(10, "mail", 70), injected(30, "mail", 90)])).toMatchObject([
      { from: 10, to: 30 },
      { from: 30, to: 90 },
    ]);
    expect(storiesOf([injected(10, "mail", 70), injected(30, "points", 90)])).toMatchObject([
      { to: 70 },
      { to: 90 },
    ]);
  });

  test("that were over stay as long as they were", () => {
    expect(storiesOf([injected(10, "mail", 20), { at: 30, kind: "stopped" }])).toMatchObject([{ to: 20 }]);
  });
});

describe("A window", () => {
  const window = { from: 100, to: 400 };
  const story = (from: number, to: number | null) => ({ service: "mail", preset: null, from, to });

  test("without a story is one", () => {
    expect(phasesOf(window, [story(10, 90), story(400, null)])).toEqual({
      story: null,
      phases: [{ kind: "whole", from: 100, to: 400 }],
    });
  });

  test("is cut where its story begins and ends", () => {
    expect(phasesOf(window, [story(200, 260)]).phases).toEqual([
      { kind: "before", from: 100, to: 200 },
      { kind: "during", from: 200, to: 260 },
      { kind: "after", from: 260, to: 400 },
    ]);
  });

  test("has no after while the story goes on, and no before where it began earlier", () => {
    expect(phasesOf(window, [story(50, null)]).phases).toEqual([{ kind: "during", from: 100, to: 400 }]);
    expect(phasesOf(window, [story(300, 500)]).phases.map(({ kind }) => kind)).toEqual(["before", "during"]);
  });

  test("counts nothing of an earlier story as good times", () => {
    expect(phasesOf(window, [story(120, 180), story(250, 300)]).phases[0]).toEqual({
      kind: "before",
      from: 180,
      to: 250,
    });
    expect(phasesOf(window, [story(120, 280), story(250, 300)]).phases.map(({ kind }) => kind)).toEqual([
      "during",
      "after",
    ]);
  });
});
