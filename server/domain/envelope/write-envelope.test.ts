import { describe, expect, test } from "vitest";
import { isSameContent } from "./compare.ts";
import { eventWith } from "./testing/arbitrary-event.ts";
import { onlyEvent, readOne, readRequest } from "./testing/read-text.ts";
import { binaryHeaders, curlCommand, curlForEnvelope, structuredJson } from "./write-envelope.ts";

const order = eventWith(
  {
    subject: "a b",
    time: "2025-11-22T03:05:16.10Z",
    kind: "domain",
    aggregateversion: 3,
    attempt: 2,
    datacontenttype: "application/json",
  },
  { encoding: "json", text: '{ "total": 1.10 }' },
);

describe("An event in structured JSON", () => {
  test("has its payload as it was written", () => {
    expect(structuredJson(order)).toBe(
      '{"specversion":"1.0","id":"1","source":"/tests","type":"tested","subject":"a b","time":"2025-11-22T03:05:16.10Z",' +
        '"kind":"domain","aggregateversion":3,"attempt":2,"datacontenttype":"application/json","data":{ "total": 1.10 }}',
    );
  });

  test("says when it was recorded if asked to, and never twice", () => {
    const at = "2025-11-22T04:00:00.000Z";
    expect(readOne(structuredJson(order, at)).extensions).toEqual({ attempt: 2, recordedat: at });
    expect(readOne(structuredJson(eventWith({ recordedat: "own" }), at)).extensions).toEqual({
      recordedat: "own",
    });
  });

  test("has bytes, and text that would be taken for JSON, in base64", () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => at % 256);
    expect(structuredJson(eventWith({}, { encoding: "binary", bytes }))).toContain(
      `"data_base64":"${Buffer.from(bytes).toString("base64")}"`,
    );
    expect(structuredJson(eventWith({}, { encoding: "text", text: "é" }))).toContain('"data_base64":"w6k="');
  });
});

describe("An event in binary mode", () => {
  test("has its attributes in headers, percent-encoded, and its payload as the body", () => {
    const { headers, body } = binaryHeaders(order);
    expect(headers).toEqual({
      "ce-specversion": "1.0",
      "ce-id": "1",
      "ce-source": "/tests",
      "ce-type": "tested",
      "ce-subject": "a%20b",
      "ce-time": "2025-11-22T03:05:16.10Z",
      "ce-kind": "domain",
      "ce-aggregateversion": "3",
      "ce-attempt": "2",
      "content-type": "application/json",
    });
    expect(new TextDecoder().decode(body)).toBe('{ "total": 1.10 }');
  });

  test("declares the charset in which characters are written", () => {
    const event = readOne(
      '{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":"text/plain; charset=iso-8859-1","data":"é"}',
    );
    const { headers, body } = binaryHeaders(event);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(onlyEvent(readRequest(headers, body)).data).toEqual({ encoding: "text", text: "é" });
  });

  test("has no content type where none is known, and JSON where JSON is implied", () => {
    expect(binaryHeaders(eventWith({})).headers).not.toHaveProperty("content-type");
    expect(
      binaryHeaders(eventWith({}, { encoding: "binary", bytes: Uint8Array.of(1) })).headers,
    ).not.toHaveProperty("content-type");
    expect(binaryHeaders(eventWith({}, { encoding: "json", text: "1" })).headers["content-type"]).toBe(
      "application/json",
    );
  });
});

describe("A curl command", () => {
  const awkward = eventWith(
    { subject: 'it\'s $HOME `id` \\ "x"' },
    { encoding: "json", text: '{"a":"$(reboot)\'",\n"b":1}' },
  );

  test("quotes the address and hands the event over in a here-document that nothing expands", () => {
    expect(curlCommand(awkward, "http://localhost:3000/it's?a=$b")).toBe(
      [
        "curl -sS 'http://localhost:3000/it'\\''s?a=$b' \\",
        "  -H 'Content-Type: application/cloudevents+json; charset=utf-8' \\",
        "  --data-binary @- <<'END_OF_EVENT'",
        structuredJson(awkward),
        "END_OF_EVENT",
        "",
      ].join("\n"),
    );
  });

  test("posts what reads back as the same event", () => {
    const [, , , ...lines] = curlForEnvelope(structuredJson(awkward), "http://localhost/").split("\n");
    const end = lines.indexOf("END_OF_EVENT");
    expect(isSameContent(readOne(lines.slice(0, end).join("\n")), awkward)).toBe(true);
    expect(lines.slice(end)).toEqual(["END_OF_EVENT", ""]);
  });
});
