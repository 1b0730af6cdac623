import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventEnvelope, EventShape } from "#server/domain/event.ts";
import { isSameContent } from "./compare.ts";
import { DEFAULT_LIMITS } from "./read-element.ts";
import { readEnvelopes } from "./read-envelopes.ts";
import { EnvelopeError } from "./reading.ts";
import { arbitraryEvent, eventWith, jsonText } from "./testing/arbitrary-event.ts";
import {
  BATCH,
  encoder,
  JSON_TYPE,
  NDJSON,
  onlyEvent,
  readOne,
  readRequest,
  readText,
  STRUCTURED,
} from "./testing/read-text.ts";
import { binaryHeaders, structuredJson } from "./write-envelope.ts";

function inShape(event: EventEnvelope, shape: EventShape): EventEnvelope {
  return { ...event, shape };
}

/** As headers can say it: extension values have no type there, and the implied content type is written out. */
function asHeadersSay(event: EventEnvelope): EventEnvelope {
  const values = Object.entries(event.extensions ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    ...inShape(event, "cloudevents-binary"),
    extensions: event.extensions === null ? null : Object.fromEntries(values),
    dataContentType:
      event.data.encoding === "json" ? (event.dataContentType ?? "application/json") : event.dataContentType,
  };
}

describe("Any event that is written and read back is the same", () => {
  test("in structured mode", () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const back = readOne(structuredJson(event));
        expect(back).toEqual(event);
        expect(isSameContent(back, event)).toBe(true);
      }),
    );
  });

  test("in binary mode", () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const { headers, body } = binaryHeaders(event);
        const back = onlyEvent(readRequest(headers, body));
        expect(back).toEqual(asHeadersSay(event));
        expect(isSameContent(back, event)).toBe(true);
      }),
    );
  });

  test.each([
    [BATCH, "cloudevents-batch"],
    [JSON_TYPE, "cloudevents-json"],
  ] as const)("in a batch of %s", (contentType, shape) => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { maxLength: 5 }), (events) => {
        const text = `[ ${events.map((event) => structuredJson(event)).join(" ,\n")} ]`;
        const back = readText(text, contentType);
        expect(back.rejected).toEqual([]);
        expect(back.events).toEqual(events.map((event, index) => ({ index, event: inShape(event, shape) })));
      }),
    );
  });

  test("in lines", () => {
    // A payload may hold line ends between its tokens, which a line can't.
    const onOneLine = arbitraryEvent.filter((event) => !structuredJson(event).includes("\n"));
    fc.assert(
      fc.property(fc.array(onOneLine, { maxLength: 5 }), (events) => {
        const back = readText(events.map((event) => `${structuredJson(event)}\r\n`).join(""), NDJSON);
        expect(back.rejected).toEqual([]);
        expect(back.events).toEqual(
          events.map((event, index) => ({ index, event: inShape(event, "cloudevents-ndjson") })),
        );
      }),
    );
  });
});

describe("Any JSON payload is kept as it is written", () => {
  test("in every mode and shape", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const data = { encoding: "json", text };
        const start = '{"specversion":"1.0","id":"1","source":"/s","type":"t"';
        expect(readOne(`${start},"data": ${text} ,"z":1}`).data).toEqual(data);
        expect(readOne(`[${start},"data":\t${text}\n}]`, BATCH).data).toEqual(data);
        expect(
          readOne(`{"event_id":"1","event_type":"t","source":"s","data":${text}}`, JSON_TYPE).data,
        ).toEqual(data);
        expect(
          readOne(`{"eventId":"1","eventType":"T","source":"s","payload":${text}}`, JSON_TYPE).data,
        ).toEqual(data);
        const message = JSON.stringify(text);
        expect(
          readOne(`{"MessageId":"1","TopicArn":"a","Type":"N","Message":${message}}`, JSON_TYPE).data,
        ).toEqual(data);
        const { headers } = binaryHeaders(eventWith({ datacontenttype: "application/json" }));
        expect(onlyEvent(readRequest(headers, text)).data).toEqual(data);
      }),
    );
  });
});

describe("No body", () => {
  const contentTypes = [STRUCTURED, BATCH, JSON_TYPE, NDJSON, "text/plain", undefined];

  /** Reads a body in every mode; what is read must be whole, and a refusal must be one of the reader's own. */
  function readAllWays(body: Uint8Array): void {
    for (const contentType of contentTypes) {
      for (const headers of [
        {},
        { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t" },
      ]) {
        try {
          const { events, rejected } = readEnvelopes({ contentType, headers, body }, DEFAULT_LIMITS);
          for (const { event } of events)
            expect(readOne(structuredJson(event))).toMatchObject({ id: event.id, type: event.type });
          for (const { message } of rejected) expect(message).toMatch(/\.$/);
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
        }
      }
    }
  }

  test("of random bytes breaks a reader", () => {
    fc.assert(fc.property(fc.uint8Array(), readAllWays));
  });

  test("of JSON that is no event breaks a reader", () => {
    fc.assert(fc.property(jsonText, (text) => readAllWays(encoder.encode(text))));
  });

  test("that is an event with bytes changed, lost or doubled breaks a reader", () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 3 }),
      insert: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 2 }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (events, changes) => {
          let bytes: Uint8Array = encoder.encode(
            `[${events.map((event) => structuredJson(event)).join(",")}]`,
          );
          for (const { at, remove, insert } of changes) {
            const start = at % bytes.length || 0;
            bytes = Uint8Array.from([
              ...bytes.subarray(0, start),
              ...insert,
              ...bytes.subarray(start + remove),
            ]);
          }
          readAllWays(bytes);
          readAllWays(bytes.subarray(1, -1));
        },
      ),
    );
  });

  test("and no headers break a reader", () => {
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^(%[0-9a-fA-F]{0,2}|["\\\xe9])*$/),
    );
    const name = fc.oneof(
      fc.constantFrom("id", "source", "type", "time", "kind", "data", "specversion"),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          name.map((attribute) => `ce-${attribute}`),
          fc.oneof(header, fc.array(header)),
        ),
        (headers) => {
          const result = readRequest(
            { "ce-specversion": "1.0", ...headers, "content-type": "text/plain" },
            "body",
          );
          expect(result.events.length + result.rejected.length).toBe(1);
        },
      ),
    );
  });
});
