import webhooks from "@octokit/webhooks-examples";
import { CloudEvent, HTTP, type Message } from "cloudevents";
import { describe, expect, test } from "vitest";
import { isSameContent } from "./compare.ts";
import type { Headers } from "./read-binary.ts";
import { onlyEvent, readOne, readRequest } from "./testing/read-text.ts";
import { structuredJson } from "./write-envelope.ts";

/** Sends what the official SDK made: its headers may be of any type, and Node sends them as strings. */
function send({ headers, body }: Message): ReturnType<typeof readRequest> {
  const sent: Headers = {};
  for (const [name, value] of Object.entries(headers)) sent[name] = String(value);
  return readRequest(sent, typeof body === "string" ? body : new Uint8Array(body as Uint8Array));
}

describe("Events from the CloudEvents SDK", () => {
  const attributes = {
    id: "A234-1234-1234",
    source: "https://example.com/orders?shop=1",
    type: "com.example.order.placed",
    subject: "order-17",
    time: "2025-11-22T03:05:16.789Z",
    dataschema: "https://example.com/schemas/order",
    correlationid: "flow-1",
    aggregateversion: 4,
    sampled: true,
  };
  const common = {
    id: attributes.id,
    source: attributes.source,
    type: attributes.type,
    subject: attributes.subject,
    time: attributes.time,
    dataSchema: attributes.dataschema,
    correlationId: attributes.correlationid,
    aggregateVersion: 4,
  };

  test.each([
    [
      "JSON",
      "application/json",
      { total: 1.5, name: "é" },
      { encoding: "json", text: '{"total":1.5,"name":"é"}' },
    ],
    ["text", "text/plain", "plain é", { encoding: "text", text: "plain é" }],
    ["XML", "application/xml", '<a b="c"/>', { encoding: "text", text: '<a b="c"/>' }],
    [
      "bytes",
      "application/octet-stream",
      Uint8Array.of(1, 0, 255),
      { encoding: "binary", bytes: Uint8Array.of(1, 0, 255) },
    ],
  ])("with %s are read equal in both modes", (_, datacontenttype, data, expected) => {
    const event = new CloudEvent({ ...attributes, datacontenttype, data });
    const binary = onlyEvent(send(HTTP.binary(event)));
    const structured = onlyEvent(send(HTTP.structured(event)));
    const content = { ...common, dataContentType: datacontenttype, data: expected };
    expect(binary).toMatchObject({
      ...content,
      extensions: { sampled: "true" },
      shape: "cloudevents-binary",
    });
    expect(structured).toMatchObject({
      ...content,
      extensions: { sampled: true },
      shape: "cloudevents-structured",
    });
    expect(isSameContent(binary, structured)).toBe(true);
  });
});

describe("GitHub's webhooks", () => {
  test("are read equal in every mode of the CloudEvents SDK, and come back as they went in", () => {
    let sent = 0;
    for (const { name, examples } of webhooks) {
      for (const [at, payload] of examples.entries()) {
        const event = new CloudEvent({
          id: `${name}-${at}`,
          source: "https://github.com/webhooks",
          type: `com.github.${name}`,
          time: "2025-11-22T03:05:16.789Z",
          datacontenttype: "application/json",
          data: payload,
        });
        const data = { encoding: "json", text: JSON.stringify(payload) };
        const binary = onlyEvent(send(HTTP.binary(event)));
        const structured = onlyEvent(send(HTTP.structured(event)));
        expect(binary.data).toEqual(data);
        expect(structured.data).toEqual(data);
        expect(isSameContent(binary, structured)).toBe(true);
        expect(readOne(structuredJson(structured))).toEqual(structured);
        expect(structuredJson(binary)).toBe(structuredJson(structured));
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThan(200);
  });
});
