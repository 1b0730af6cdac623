import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NdjsonReader } from "./ndjson-reader.ts";
import { DEFAULT_LIMITS } from "./read-element.ts";
import type { ReadEvents } from "./reading.ts";
import { encoder } from "./testing/read-text.ts";

function line(id: string, more = ""): string {
  return `{"specversion":"1.0","id":"${id}","source":"/s","type":"t"${more}}`;
}

/** Reads the chunks one after another, each through memory that is overwritten as soon as it was pushed. */
function readChunks(chunks: Uint8Array[], maxEventBytes = DEFAULT_LIMITS.maxEventBytes): ReadEvents {
  const reader = new NdjsonReader({ ...DEFAULT_LIMITS, maxEventBytes });
  const all: ReadEvents = { events: [], rejected: [] };
  const add = ({ events, rejected }: ReadEvents) => {
    all.events.push(...events);
    all.rejected.push(...rejected);
  };
  for (const chunk of chunks) {
    const memory = Buffer.from(chunk);
    add(reader.push(memory));
    memory.fill(0xff);
  }
  add(reader.end());
  return all;
}

function outline({ events, rejected }: ReadEvents) {
  return {
    events: events.map(({ index, event }) => [index, event.id]),
    rejected: rejected.map(({ index, id, code }) => [index, id, code]),
  };
}

describe("Newline-delimited JSON", () => {
  test("is read line by line, empty lines counted and passed over", () => {
    const text = `${line("a")}\r\n\n  \n ${line("b")} \n${line("é")}`;
    expect(outline(readChunks([encoder.encode(text)]))).toEqual({
      events: [
        [0, "a"],
        [3, "b"],
        [4, "é"],
      ],
      rejected: [],
    });
  });

  test("gives an event as soon as its line ends", () => {
    const reader = new NdjsonReader(DEFAULT_LIMITS);
    const text = encoder.encode(`${line("a")}\n${line("b")}\n`);
    expect(reader.push(text.subarray(0, 60)).events.map(({ event }) => event.id)).toEqual(["a"]);
    expect(reader.push(text.subarray(60)).events.map(({ event }) => event.id)).toEqual(["b"]);
    expect(reader.end()).toEqual({ events: [], rejected: [] });
  });

  test("loses no good line beside a bad one", () => {
    const text = [
      line("a"),
      "{",
      `{"a":[`,
      `{"a":"`,
      `${line("b")}${line("c")}`,
      `[${line("d")}]`,
      "5",
      line("e", ',"data":tru'),
      line("f", ',"id":"f"'),
      line("g", `,"data":${"[".repeat(65)}${"]".repeat(65)}`),
      '{"event_id":"h","event_type":"t","source":"s"}',
    ].join("\n");
    expect(outline(readChunks([encoder.encode(text)]))).toEqual({
      events: [
        [0, "a"],
        [10, "h"],
      ],
      rejected: [
        [1, undefined, "invalid-json"],
        [2, undefined, "invalid-json"],
        [3, undefined, "invalid-json"],
        [4, undefined, "invalid-json"],
        [5, undefined, "unknown-shape"],
        [6, undefined, "unknown-shape"],
        [7, undefined, "invalid-json"],
        [8, "f", "duplicate-attribute"],
        [9, "g", "too-deep"],
      ],
    });
  });

  test("rejects a line of invalid UTF-8 alone", () => {
    const bytes = Buffer.concat([
      encoder.encode(`${line("a")}\n`),
      Buffer.from(`${line("é")}\n`, "latin1"),
      encoder.encode(`${line("ü")}\n`),
    ]);
    const expected = {
      events: [
        [0, "a"],
        [2, "ü"],
      ],
      rejected: [[1, undefined, "invalid-json"]],
    };
    expect(outline(readChunks([bytes]))).toEqual(expected);
    expect(outline(readChunks([...bytes].map((byte) => Uint8Array.of(byte))))).toEqual(expected);
  });

  test("rejects a line over the limit, in one chunk or in many", () => {
    const bytes = encoder.encode(`${line("a")}\n${line("b", `,"data":"${"é".repeat(200)}"`)}\n${line("c")}`);
    const expected = {
      events: [
        [0, "a"],
        [2, "c"],
      ],
    };
    expect(outline(readChunks([bytes], 200))).toMatchObject({
      ...expected,
      rejected: [[1, "b", "too-large"]],
    });
    const halves = [bytes.subarray(0, 100), bytes.subarray(100, 400), bytes.subarray(400)];
    expect(outline(readChunks(halves, 200))).toMatchObject({
      ...expected,
      rejected: [[1, undefined, "too-large"]],
    });
  });

  test("reads many lines that leave something open in the time of one pass", () => {
    const open = '{"a":[{\n'.repeat(50_000);
    expect(readChunks([encoder.encode(open)]).rejected).toHaveLength(50_000);
    expect(readChunks([encoder.encode("\n".repeat(1_000_000))]).events).toHaveLength(0);
  });

  test("comes out the same however its bytes are cut", () => {
    const bytes = encoder.encode(
      `\ufeff${line("日本")}\n\n${line("😀", ',"data":"\u2028é"')}\r\nbad\n${line("z")}`,
    );
    const whole = readChunks([bytes]);
    expect(whole.events).toHaveLength(3);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: bytes.length })), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        expect(readChunks(chunks)).toEqual(whole);
      }),
    );
  });
});
