import { describe, expect, test } from "vitest";
import { emptyEnvelope } from "./attributes.ts";
import type { Headers } from "./read-binary.ts";
import { DEFAULT_LIMITS } from "./read-element.ts";
import { onlyEvent, onlyRejection, readRequest } from "./testing/read-text.ts";

const REQUIRED: Headers = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t" };

describe("A request in binary mode", () => {
  test("holds attributes in its headers and the data as its body", () => {
    const headers = {
      ...REQUIRED,
      host: "localhost",
      "content-type": "application/json; charset=utf-8",
      "CE-Time": "2025-11-22T03:05:16Z",
      "ce-subject": "Euro%20%E2%82%AC",
      "ce-aggregateversion": "7",
      "ce-kind": "domain",
      "ce-tenant": ["acme"],
      "ce-attempt": "2",
      traceparent: "of the request, not of the event",
    };
    const result = readRequest(headers, ' {"n": 1.10}\n');
    expect(result.kind).toBe("single");
    expect(onlyEvent(result)).toEqual({
      ...emptyEnvelope("cloudevents-binary"),
      id: "1",
      source: "/s",
      type: "t",
      subject: "Euro €",
      time: "2025-11-22T03:05:16Z",
      kind: "domain",
      aggregateVersion: 7,
      dataContentType: "application/json; charset=utf-8",
      extensions: { tenant: "acme", attempt: "2" },
      data: { encoding: "json", text: ' {"n": 1.10}\n' },
    });
  });

  test.each([
    ["application/json", '{"a":1}', { encoding: "json", text: '{"a":1}' }],
    ["application/vnd.x+json", "1.0", { encoding: "json", text: "1.0" }],
    ["application/json", "\ufeff[]", { encoding: "json", text: "[]" }],
    ["text/plain", "\ufeffé", { encoding: "text", text: "\ufeffé" }],
    ["text/html; charset=UTF-8", "<p>", { encoding: "text", text: "<p>" }],
    ["application/x-ndjson", "{}\n{}", { encoding: "text", text: "{}\n{}" }],
    ["application/x-own; charset=utf-8", "é", { encoding: "text", text: "é" }],
    ["text/plain", "a\0", { encoding: "binary", bytes: Uint8Array.of(0x61, 0) }],
    ["text/plain", Uint8Array.of(0xff), { encoding: "binary", bytes: Uint8Array.of(0xff) }],
    ["text/plain; charset=iso-8859-1", "a", { encoding: "binary", bytes: Uint8Array.of(0x61) }],
    ["application/json; charset=utf-16", "[]", { encoding: "binary", bytes: Uint8Array.of(0x5b, 0x5d) }],
    ["application/octet-stream", "a", { encoding: "binary", bytes: Uint8Array.of(0x61) }],
    [undefined, "1", { encoding: "binary", bytes: Uint8Array.of(0x31) }],
    ["application/json", "", { encoding: "none" }],
  ])("with the content type %s and the body %j has the data %j", (contentType, body, data) => {
    const event = onlyEvent(readRequest({ ...REQUIRED, "content-type": contentType }, body));
    expect(event.data).toEqual(data);
    expect(event.dataContentType).toBe(contentType ?? null);
  });

  test.each([
    [{ "ce-specversion": undefined }, "missing-attribute", "specversion"],
    [{ "ce-specversion": "0.3" }, "unsupported-specversion", "1.0"],
    [{ "ce-id": undefined }, "missing-attribute", '"id"'],
    [{ "ce-type": "" }, "invalid-attribute", "empty"],
    [{ "ce-source": "%C0%A0" }, "invalid-attribute", "ce-source"],
    [{ "ce-subject": '"open' }, "invalid-attribute", "ce-subject"],
    [{ "ce-subject": "a%0Ab" }, "invalid-attribute", "control"],
    [{ "ce-my-ext": "x" }, "invalid-attribute", "a-z"],
    [{ "ce-data": "x" }, "invalid-attribute", "data"],
    [{ "ce-": "x" }, "invalid-attribute", "a-z"],
    [{ "ce-datacontenttype": "text/plain" }, "invalid-attribute", "Content-Type"],
    [{ "ce-subject": ["a", "b"] }, "duplicate-attribute", "ce-subject"],
    [{ "CE-Id": "2" }, "duplicate-attribute", "ce-id"],
    [{ "ce-kind": "x" }, "invalid-attribute", "domain"],
    [{ "content-type": "nonsense" }, "invalid-attribute", "media type"],
    [{ "content-type": "application/json" }, "invalid-data", "not JSON"],
  ])("is refused with the headers %j", (headers, code, part) => {
    const result = readRequest({ ...REQUIRED, ...headers }, "{no json}");
    expect(result.kind).toBe("single");
    const refusal = onlyRejection(result);
    expect(refusal).toMatchObject({ index: 0, code });
    expect(refusal.message).toContain(part);
  });

  test("is refused when its JSON is not UTF-8, too deep or too large", () => {
    const json = { ...REQUIRED, "content-type": "application/json" };
    expect(onlyRejection(readRequest(json, Uint8Array.of(0x22, 0xff, 0x22)))).toMatchObject({
      id: "1",
      code: "invalid-data",
    });
    expect(onlyRejection(readRequest(json, "[".repeat(500_000)))).toMatchObject({ code: "invalid-data" });
    expect(onlyRejection(readRequest(json, "[".repeat(65) + "]".repeat(65)))).toMatchObject({
      id: "1",
      code: "too-deep",
    });
    const large = new Uint8Array(DEFAULT_LIMITS.maxEventBytes + 1);
    expect(onlyRejection(readRequest(REQUIRED, large))).toMatchObject({ id: "1", code: "too-large" });
  });
});
