import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "./read-element.ts";
import { readEnvelopes } from "./read-envelopes.ts";
import { EnvelopeError } from "./reading.ts";
import {
  BATCH,
  encoder,
  JSON_TYPE,
  NDJSON,
  onlyEvent,
  readOne,
  readRequest,
  readText,
  refusalOf,
  STRUCTURED,
} from "./testing/read-text.ts";

function cloudEvent(id: string, more = ""): string {
  return `{"specversion":"1.0","id":"${id}","source":"/s","type":"t"${more}}`;
}

function errorOf(read: () => unknown): EnvelopeError {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvelopeError) return error;
    throw error;
  }
  throw new Error("The body was read.");
}

describe("The content type decides how a body is read", () => {
  test.each([
    [STRUCTURED, "cloudevents-structured", "single"],
    ["Application/CloudEvents+JSON; charset=UTF-8", "cloudevents-structured", "single"],
    [JSON_TYPE, "cloudevents-json", "single"],
    ["application/json;charset=utf8", "cloudevents-json", "single"],
    [NDJSON, "cloudevents-ndjson", "batch"],
    ["application/ndjson", "cloudevents-ndjson", "batch"],
  ])("%s as %s", (contentType, shape, kind) => {
    const result = readText(cloudEvent("1"), contentType);
    expect(result.kind).toBe(kind);
    expect(onlyEvent(result).shape).toBe(shape);
  });

  test.each([
    [BATCH, "cloudevents-batch"],
    ["APPLICATION/CLOUDEVENTS-BATCH+JSON", "cloudevents-batch"],
    [JSON_TYPE, "cloudevents-json"],
  ])("%s holds many", (contentType, shape) => {
    const result = readText(`[${cloudEvent("1")} , ${cloudEvent("2")}]`, contentType);
    expect(result).toMatchObject({ kind: "batch", rejected: [] });
    expect(result.events.map(({ index, event }) => [index, event.id, event.shape])).toEqual([
      [0, "1", shape],
      [1, "2", shape],
    ]);
  });

  test("but headers make any other content type binary mode, and not one of CloudEvents", () => {
    const headers = { "ce-specversion": "1.0", "ce-id": "h", "ce-source": "/h", "ce-type": "t" };
    const body = cloudEvent("1");
    expect(onlyEvent(readRequest({ ...headers, "content-type": JSON_TYPE }, body))).toMatchObject({
      id: "h",
      data: { text: body },
    });
    expect(onlyEvent(readRequest({ ...headers, "content-type": NDJSON }, body))).toMatchObject({
      id: "h",
      data: { text: body },
    });
    expect(onlyEvent(readRequest({ ...headers, "content-type": STRUCTURED }, body)).id).toBe("1");
  });

  test("and Amazon SNS is known by its own header, since it posts JSON as text", () => {
    const message = '{"Type":"Notification","MessageId":"m","TopicArn":"arn:a","Message":"hi"}';
    const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification" };
    expect(onlyEvent(readRequest(headers, message))).toMatchObject({ id: "m", shape: "sns" });
  });

  test.each([
    undefined,
    "",
    "nonsense",
    "text/plain",
    "application/xml",
    "application/cloudevents+avro",
    "application/cloudevents-batch+xml",
    "application/cloudevents+json; charset=utf-16",
    "application/json; charset=iso-8859-1",
  ])("%s is not read, and the answer says what is", (contentType) => {
    const body = encoder.encode(cloudEvent("1"));
    const error = errorOf(() => readEnvelopes({ contentType, headers: {}, body }, DEFAULT_LIMITS));
    expect(error.code).toBe("unsupported-media-type");
    for (const type of [STRUCTURED, BATCH, NDJSON, JSON_TYPE, "ce-specversion"])
      expect(error.message).toContain(type);
  });
});

describe("A body", () => {
  test.each([
    ["", STRUCTURED],
    ["   ", STRUCTURED],
    ["{", STRUCTURED],
    ["null", STRUCTURED],
    ['"text"', JSON_TYPE],
    ["[]", STRUCTURED],
    [cloudEvent("1"), BATCH],
    [`${cloudEvent("1")}x`, STRUCTURED],
    [`${cloudEvent("1")}${cloudEvent("2")}`, JSON_TYPE],
    [`[${cloudEvent("1")}`, BATCH],
    [`[${cloudEvent("1")},]`, BATCH],
    [`[${cloudEvent("1")}]]`, BATCH],
    [`[${cloudEvent("1")},nul]`, BATCH],
    [`[${cloudEvent("1")},{"a":tru}]`, BATCH],
    [`[${cloudEvent("1")},{"a":"\u0000"}]`, BATCH],
    [`{"a":01}`, JSON_TYPE],
    ["[".repeat(1_000_000), BATCH],
    ['{"a":'.repeat(100_000), STRUCTURED],
  ])("that is %j in %s can't be read", (text, contentType) => {
    expect(errorOf(() => readText(text, contentType)).code).toBe("unreadable-body");
  });

  test("that is not UTF-8 can't be read", () => {
    const latin1 = Buffer.from(cloudEvent("é"), "latin1");
    const input = { contentType: STRUCTURED, headers: {}, body: latin1 };
    expect(errorOf(() => readEnvelopes(input, DEFAULT_LIMITS)).message).toContain("UTF-8");
  });

  test("may open with one byte order mark", () => {
    expect(readOne(`\ufeff${cloudEvent("1")}`).id).toBe("1");
    expect(readOne(`\ufeff${cloudEvent("1")}`, NDJSON).id).toBe("1");
    expect(errorOf(() => readText(`\ufeff\ufeff${cloudEvent("1")}`, STRUCTURED)).code).toBe(
      "unreadable-body",
    );
  });

  test("may hold no event at all", () => {
    expect(readText(" [ ] ", BATCH)).toEqual({ kind: "batch", events: [], rejected: [] });
  });
});

describe("A batch", () => {
  test("keeps its good events beside every kind of bad one, and names each bad one", () => {
    const deep = "[".repeat(100) + "]".repeat(100);
    const large = `"${"x".repeat(2000)}"`;
    const text = `[${cloudEvent("a")}, ${cloudEvent("b", ',"BAD":1')}, 5, [], ${cloudEvent("c", `,"data":${deep}`)},
      ${cloudEvent("d", `,"data":${large}`)}, ${cloudEvent("e", ',"id":"f"')}, {}, ${cloudEvent("g", ',"data":{"a":1,"a":2}')}]`;
    const result = readText(text, BATCH, { maxEventBytes: 1000 });
    expect(result.events.map(({ index, event }) => [index, event.id])).toEqual([
      [0, "a"],
      [8, "g"],
    ]);
    expect(result.rejected.map(({ index, id, code }) => [index, id, code])).toEqual([
      [1, "b", "invalid-attribute"],
      [2, undefined, "unknown-shape"],
      [3, undefined, "unknown-shape"],
      [4, "c", "too-deep"],
      [5, "d", "too-large"],
      [6, "f", "duplicate-attribute"],
      [7, undefined, "missing-attribute"],
    ]);
  });

  test.each([BATCH, JSON_TYPE, NDJSON])(
    "of more events than the limit is refused as a whole (%s)",
    (contentType) => {
      const text = (count: number) => {
        const events = Array.from({ length: count }, (_, at) => cloudEvent(String(at)));
        return contentType === NDJSON ? events.join("\n") : `[${events.join(",")}]`;
      };
      expect(readText(text(3), contentType, { maxBatchEvents: 3 }).events).toHaveLength(3);
      const error = errorOf(() => readText(text(4), contentType, { maxBatchEvents: 3 }));
      expect(error).toMatchObject({
        code: "too-many-events",
        message: "The batch holds more than 3 events. Split it.",
      });
    },
  );

  test("takes events of CloudEvents' own media type in no foreign shape", () => {
    const foreign = '{"event_id":"1","event_type":"t","source":"s"}';
    expect(readOne(foreign, JSON_TYPE).shape).toBe("snake-case");
    expect(refusalOf(`[${foreign}]`, BATCH)).toMatchObject({ code: "missing-attribute" });
  });

  test("may mix shapes, each told by its own object", () => {
    const text = `[${cloudEvent("1")},{"event_id":"2","event_type":"t","source":"s"},{"eventId":"3","eventType":"T","source":"s"}]`;
    expect(readText(text, JSON_TYPE).events.map(({ event }) => event.shape)).toEqual([
      "cloudevents-json",
      "snake-case",
      "camel-case",
    ]);
  });
});

describe("A single event that is not taken", () => {
  test("is rejected, not thrown", () => {
    expect(readText(cloudEvent("1", ',"time":"now"'), STRUCTURED)).toMatchObject({
      kind: "single",
      events: [],
      rejected: [{ index: 0, id: "1", code: "invalid-attribute" }],
    });
  });
});
