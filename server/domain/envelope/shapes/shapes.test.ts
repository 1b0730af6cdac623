import { describe, expect, test } from "vitest";
import { emptyEnvelope } from "../attributes.ts";
import { isSameContent } from "../compare.ts";
import { JSON_TYPE, readOne, refusalOf } from "../testing/read-text.ts";
import { FOREIGN_SHAPES } from "./table.ts";

describe.each(FOREIGN_SHAPES.map((shape) => [shape.shape, shape] as const))(
  "The shape %s",
  (_, { shape, examples }) => {
    test.each(examples.map((example) => [example.title, example] as const))(
      "reads %s",
      (_title, { text, event }) => {
        expect(readOne(text, JSON_TYPE)).toEqual({ ...emptyEnvelope(shape), ...event });
      },
    );
  },
);

describe("A foreign object", () => {
  test.each([
    ['{"event_id":"1","source":"s"}', "event_type is missing", "event_id, source, event_type"],
    ['{"event_type":"t","source":"s"}', "event_id is missing", "event_id, source, event_type"],
    ['{"event_id":"1","event_type":"t"}', "source is missing", "event_id, source, event_type"],
    ['{"eventId":"1","eventType":"T"}', "source or aggregateType is missing", "eventType"],
    ['{"detail-type":"t","source":"s"}', "id is missing", "detail-type"],
    ['{"MessageId":"1","TopicArn":"arn:a"}', "Type is missing", "TopicArn"],
    ['{"op":"c","source":{"lsn":1}}', "source.name", "Debezium"],
    ['{"id":"1","source":"/s","type":"t"}', "specversion", '"specversion": "1.0"'],
  ])("%s is refused with what it needs", (text, missing, needs) => {
    const refusal = refusalOf(text, JSON_TYPE);
    expect(refusal.code).toBe("missing-attribute");
    expect(refusal.message).toContain(missing);
    expect(refusal.message).toContain(needs);
  });

  test.each([
    ['{"event_id":{"a":1},"event_type":"t","source":"s"}', "invalid-attribute"],
    ['{"event_id":"a\\u0001","event_type":"t","source":"s"}', "invalid-attribute"],
    ['{"event_id":"1","event_id":"2","event_type":"t","source":"s"}', "duplicate-attribute"],
    [`{"event_id":"1","event_type":"t","source":"s","data":${"[".repeat(65)}${"]".repeat(65)}}`, "too-deep"],
    [
      `{"MessageId":"1","TopicArn":"a","Type":"N","Message":"${"[".repeat(65)}${"]".repeat(65)}"}`,
      "too-deep",
    ],
    ['{"MessageId":"1","TopicArn":"a","Type":"N","Message":"\\ud800"}', "invalid-data"],
    ['{"hello":"world"}', "unknown-shape"],
    ['{"op":"c","source":"/s"}', "unknown-shape"],
    ["{}", "unknown-shape"],
  ])("%s is refused as %s", (text, code) => {
    expect(refusalOf(text, JSON_TYPE).code).toBe(code);
  });

  test("may have as many members as an event has room for", () => {
    const members = Array.from({ length: 80_000 }, (_, at) => `"k${at}":1`).join(",");
    const change = readOne(`{"op":"c","source":{"name":"n"},${members}}`, JSON_TYPE);
    expect(change).toMatchObject({ shape: "debezium", extensions: null });
    const event = readOne(`{"event_id":"1","event_type":"t","source":"s",${members}}`, JSON_TYPE);
    expect(event.extensions).toEqual({ unmapped: `{${members}}` });
  });

  test("of no known shape is told which shapes are known", () => {
    const { message } = refusalOf('{"hello":"world"}', JSON_TYPE);
    for (const { description } of FOREIGN_SHAPES) expect(message).toContain(description);
  });

  test("keeps what has no place as it was written, in what an attribute may hold", () => {
    const event = readOne(
      `{"event_id":"1","event_type":"t","source":"s","big" : 12345678901234567890,
        "t\\u0065xt":"\u0085\\u0000 \\ud800","list":[\t1.0,\r\n{"a":1,"a":2} ]}`,
      JSON_TYPE,
    );
    expect(event.extensions).toEqual({
      unmapped:
        '{"big":12345678901234567890,"t\\u0065xt":"\\u0085\\u0000 \\ud800","list":[1.0,{"a":1,"a":2}]}',
    });
  });

  test.each([
    ["1763780716", "2025-11-22T03:05:16Z"],
    ["1763780716789", "2025-11-22T03:05:16.789Z"],
    ["1763780716789012", "2025-11-22T03:05:16.789012Z"],
    ["1763780716789012345", "2025-11-22T03:05:16.789012345Z"],
    ["1763780716.5", "2025-11-22T03:05:16.500000000Z"],
  ])("may write its time as the number %s", (number, time) => {
    expect(
      readOne(`{"event_id":"1","event_type":"t","source":"s","timestamp":${number}}`, JSON_TYPE).time,
    ).toBe(time);
  });

  test.each(["1.7e9", "-5", "true", '"2025-11-22T03:05:16"'])(
    "keeps the time %s, which it is not sure of, unmapped",
    (value) => {
      const event = readOne(`{"event_id":"1","event_type":"t","source":"s","timestamp":${value}}`, JSON_TYPE);
      expect(event).toMatchObject({ time: null, extensions: { unmapped: `{"timestamp":${value}}` } });
    },
  );

  test.each(["-1", "1.5", "2147483648", '"4"'])(
    "has %s as the version of its schema, not of its aggregate",
    (version) => {
      const event = readOne(
        `{"eventId":"1","eventType":"T","aggregateType":"A","version":${version}}`,
        JSON_TYPE,
      );
      expect(event.aggregateVersion).toBeNull();
      expect(String(event.extensions?.dataversion)).toBe(String(version).replaceAll('"', ""));
    },
  );
});

describe("A change that Debezium captured", () => {
  const change = (row: string, source: string, sentAt: number) =>
    `{"before":null,"after":${row},"source":{"connector":"postgresql","name":"pg","db":"d","schema":"public","table":"t",${source}},"op":"c","ts_ms":${sentAt}}`;
  const read = (row: string, source: string, sentAt = 1) => readOne(change(row, source, sentAt), JSON_TYPE);

  test("is the same event when the connector sends it again later", () => {
    const first = read('{"id":1}', '"lsn":5,"txId":7', 1000);
    const again = read('{"id":1}', '"lsn":5,"txId":7', 2000);
    expect(again.id).toBe(first.id);
    expect(isSameContent(first, again)).toBe(true);
  });

  test("is another event at another place in the log, or for another row at the same place", () => {
    const ids = [
      read('{"id":1}', '"lsn":5,"txId":7').id,
      read('{"id":1}', '"lsn":6,"txId":7').id,
      read('{"id":2}', '"lsn":5,"txId":7').id,
      read('{"id":1}', '"snapshot":"true"').id,
      read('{"id":1}', '"snapshot":"last"').id,
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("is other content when the row differs under one identity", () => {
    const first = read('{"id":1}', '"lsn":5', 1000);
    expect(isSameContent(first, { ...read('{"id":2}', '"lsn":5', 1000), id: first.id })).toBe(false);
  });

  test("has an id of bounded length, however long its place in the log is", () => {
    expect(read("{}", `"vgtid":${JSON.stringify(JSON.stringify([{ shard: "s".repeat(2000) }]))}`).id).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });
});
