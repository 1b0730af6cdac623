import { expect, test } from "vitest";
import {
  caseHref,
  compareTracesHref,
  letterHref,
  lettersHref,
  newReplayHref,
  newRuleHref,
  readLookups,
  replayHref,
  sagaSearchHref,
  searchHref,
  streamHref,
  traceHref,
} from "./destinations.ts";
import { isInRoom, OPEN_ROOMS, ROOM_GROUPS } from "./rooms.ts";

test("a number may be a position, the key of a saga, an id, a correlation id, or a part of a stream's id or of a payload", () => {
  expect(readLookups(" 1763779916123456 ").map((each) => each.href)).toEqual([
    "/events/1763779916123456",
    "/sagas?q=1763779916123456",
    "/events/by-id?id=1763779916123456",
    "/flows/1763779916123456",
    "/streams?q=1763779916123456",
    "/events?q=1763779916123456",
  ]);
});

test("signs in an id don't break the address", () => {
  expect(readLookups("order#7&x=1/2").map((each) => each.href)).toEqual([
    "/sagas?q=order%237%26x%3D1%2F2",
    "/events/by-id?id=order%237%26x%3D1%2F2",
    "/flows/order%237%26x%3D1%2F2",
    "/streams?q=order%237%26x%3D1%2F2",
    "/events?q=order%237%26x%3D1%2F2",
  ]);
});

test("a trace id is looked up as one, also in the header that carries it", () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const text of [id, id.toUpperCase(), `00-${id}-00f067aa0ba902b7-01`]) {
    const found = readLookups(text).find(({ kind }) => kind === "trace");
    expect(found).toEqual({ kind: "trace", value: id, href: `/flows/${id}?correlation=trace` });
  }
  for (const text of [id.slice(1), `${id}0`, `${id}-01`, "order-7"]) {
    expect(readLookups(text).some(({ kind }) => kind === "trace")).toBe(false);
  }
});

test("the start of a page's name is no id", () => {
  expect(readLookups("li")).toEqual([]);
});

test("every room has its own letter", () => {
  const letters = ROOM_GROUPS.flatMap((group) => group.rooms.map((room) => room.letter));
  expect(new Set(letters).size).toBe(letters.length);
});

test("a page below a room is in it, a longer name beside it is not", () => {
  expect(isInRoom("/events/17", "/events")).toBe(true);
  expect(isInRoom("/flows/order-7", "/sagas")).toBe(true);
  expect(isInRoom("/flows/order-7", "/events")).toBe(false);
  expect(isInRoom("/events-archive", "/events")).toBe(false);
  expect(OPEN_ROOMS.every((room) => isInRoom(room.href, room.href))).toBe(true);
});

test("a search carries its filter, each value of a field by itself", () => {
  expect(searchHref({})).toBe("/events");
  expect(searchHref({ type: ["order.*", "a b"], q: "Käse" })).toBe(
    "/events?type=order.*&type=a+b&q=K%C3%A4se",
  );
});

test("a stream is found whatever its names hold, at a version or at its last one", () => {
  expect(streamHref("order", "a/b c")).toBe("/streams/order/a%2Fb%20c");
  expect(streamHref("order", "7", 0)).toBe("/streams/order/7?version=0");
});

test("dead letters, their cases and replays have addresses that can be sent to a colleague", () => {
  const letter = { position: "12", consumer: "mailer" };
  expect(caseHref(7)).toBe("/dead-letters/cases/7");
  expect(letterHref(letter)).toBe("/dead-letters/12/mailer");
  expect(lettersHref({})).toBe("/dead-letters/letters");
  expect(lettersHref({ status: ["parked"], consumer: ["mailer"] })).toBe(
    "/dead-letters/letters?status=parked&consumer=mailer",
  );
  expect(newRuleHref({ consumer: "mailer", type: "a b", fingerprint: "1-5a" })).toBe(
    "/dead-letters/rules?new=1&consumer=mailer&type=a+b&fingerprint=1-5a",
  );
  expect(replayHref(3)).toBe("/dead-letters/replays/3");
  expect(newReplayHref({ kind: "case", case: 7, upTo: "412" })).toBe(
    "/dead-letters/replays/new?case=7&upTo=412",
  );
  expect(newReplayHref({ kind: "letters", letters: [letter] }, { edits: true })).toBe(
    "/dead-letters/replays/new?letters=12*mailer&edit=payload",
  );
});

test("a saga is found by what a person says of it, and its trace by what its events share", () => {
  expect(sagaSearchHref("order 123")).toBe("/sagas?q=123");
  expect(traceHref({ by: "correlation-id", value: "a/b", subject: null })).toBe("/flows/a%2Fb");
  expect(traceHref({ by: "payload", value: "7", subject: "order 7" })).toBe(
    "/flows/7?correlation=payload&subject=order+7",
  );
  expect(
    compareTracesHref(
      { by: "correlation-id", value: "a", subject: null },
      { by: "trace", value: "b", subject: "order 7" },
    ),
  ).toBe("/sagas/compare?left=a&right=b&rightBy=trace&rightSubject=order+7");
});

test.each([
  ["case 12", "/dead-letters/cases/12"],
  ["#7", "/dead-letters/cases/7"],
  ["ケース12", "/dead-letters/cases/12"],
  ["replay 5", "/dead-letters/replays/5"],
  ["Replay #5", "/dead-letters/replays/5"],
])("%s leads first to its page", (text, href) => {
  expect(readLookups(text)[0]?.href).toBe(href);
});

test.each(["case", "#0", "replay x", "showcase 1"])("%s names no case and no replay", (text) => {
  expect(readLookups(text).filter(({ kind }) => kind === "case" || kind === "replay")).toEqual([]);
});
