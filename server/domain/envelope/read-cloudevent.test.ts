import { describe, expect, test } from "vitest";
import { emptyEnvelope } from "./attributes.ts";
import { readOne, refusalOf } from "./testing/read-text.ts";

const REQUIRED = '"specversion":"1.0","id":"1","source":"/s","type":"t"';

/** A structured event with these members beside the required ones. */
function withMembers(members: string): string {
  return `{${REQUIRED},${members}}`;
}

describe("A CloudEvents object", () => {
  test("becomes an envelope with every attribute that has a place, and the others as extensions", () => {
    const event = readOne(
      withMembers(`"subject":"sub","time":"2025-11-22T03:05:16.789+09:00","datacontenttype":"application/json",
        "dataschema":"https://example.com/s","kind":"command","correlationid":"c","causationid":"b","partitionkey":"p",
        "aggregatetype":"Order","aggregateid":"17","aggregateversion":3,"traceparent":"00-a-b-01","channel":"orders",
        "tenant":"acme","attempt":2,"sampled":true,"absent":null,"data":{ "n" : 12345678901234567890.10 }`),
    );
    expect(event).toEqual({
      id: "1",
      source: "/s",
      type: "t",
      subject: "sub",
      time: "2025-11-22T03:05:16.789+09:00",
      dataContentType: "application/json",
      dataSchema: "https://example.com/s",
      kind: "command",
      correlationId: "c",
      causationId: "b",
      partitionKey: "p",
      aggregateType: "Order",
      aggregateId: "17",
      aggregateVersion: 3,
      traceparent: "00-a-b-01",
      channel: "orders",
      extensions: { tenant: "acme", attempt: 2, sampled: true },
      data: { encoding: "json", text: '{ "n" : 12345678901234567890.10 }' },
      shape: "cloudevents-structured",
    });
  });

  test("needs nothing but its required attributes", () => {
    expect(readOne(`{${REQUIRED}}`)).toEqual({
      ...emptyEnvelope("cloudevents-structured"),
      id: "1",
      source: "/s",
      type: "t",
    });
  });

  test("may be written with escapes and white space anywhere", () => {
    const event = readOne(`\t{ "spec\\u0076ersion" : "1\\u002e0",
      "id":"\\u00e9" , "source":"/\\/", "type":"t", "d\\u0061ta" : [ "\\u0000" ] }\n`);
    expect(event).toMatchObject({ id: "é", source: "//", data: { encoding: "json", text: '[ "\\u0000" ]' } });
  });

  test("keeps attributes at the edges of what is allowed", () => {
    const event = readOne(
      withMembers(`"min":-2147483648,"max":2147483647,"zero":-0,"empty":"","a1234567890123456789":"x",
        "aggregateversion":"2147483647","correlationid":42,"subject":"${"x".repeat(1024)}","constructor":"c"`),
    );
    expect(event.extensions).toEqual({
      min: -2147483648,
      max: 2147483647,
      zero: 0,
      empty: "",
      a1234567890123456789: "x",
      constructor: "c",
    });
    expect(event).toMatchObject({ aggregateVersion: 2147483647, correlationId: "42" });
  });
});

describe("A CloudEvents object is refused", () => {
  test.each([
    [
      '{"specversion":"1.0","id":"1","source":"/s"}',
      '"type" is missing. Every event needs id, source and type.',
    ],
    [
      '{"specversion":"1.0","id":null,"source":"/s"}',
      '"id" and "type" are missing. Every event needs id, source and type.',
    ],
    [
      '{"id":"1","source":"/s","type":"t"}',
      '"specversion" is missing. A CloudEvents event says "1.0" there.',
    ],
  ])("for what is missing in %s", (text, message) => {
    expect(refusalOf(text)).toMatchObject({ index: 0, code: "missing-attribute", message });
  });

  test.each(["0.3", "1.0.2", "1", ""])("for the specversion %j", (version) => {
    const refusal = refusalOf(`{"specversion":"${version}","id":"1","source":"/s","type":"t"}`);
    expect(refusal).toMatchObject({ id: "1", code: "unsupported-specversion" });
    expect(refusal.message).toContain('"1.0"');
  });

  test.each([
    ['"subject":""', "empty"],
    ['"partitionkey":""', "empty"],
    ['"subject":5', "must be a string"],
    ['"subject":"a\\nb"', "control character"],
    ['"ext":"\\u0085"', "control character"],
    ['"ext":"\\ud83d"', "surrogate"],
    ['"ext":"\\ufdd0"', "noncharacter"],
    ['"ext":"\\ud83f\\udfff"', "noncharacter"],
    [`"subject":"${"x".repeat(1025)}"`, "at most 1024"],
    [`"ext":"${"x".repeat(65_537)}"`, "at most 65536"],
    ['"myExt":"x"', "a-z"],
    ['"my-ext":"x"', "a-z"],
    ['"":"x"', "a-z"],
    ['"__proto__":"x"', "a-z"],
    [`"${"x".repeat(65)}":"x"`, "at most 64"],
    ['"ext":2147483648', "32 bits"],
    ['"ext":-2147483649', "32 bits"],
    ['"ext":1.0', "whole"],
    ['"ext":1e2', "whole"],
    ['"ext":{"a":1}', "object or an array"],
    ['"ext":[1]', "object or an array"],
    ['"time":"2025-11-22"', "RFC 3339"],
    ['"time":1763780716', "RFC 3339"],
    ['"kind":"event"', "domain, integration, command"],
    ['"aggregateversion":-1', "whole number from 0"],
    ['"aggregateversion":"01"', "whole number from 0"],
    ['"aggregateversion":"2147483648"', "whole number from 0"],
    ['"datacontenttype":"json"', "media type"],
    ['"datacontenttype":"text/plain; x=é"', "media type"],
  ])("for the attribute %s", (members, part) => {
    const refusal = refusalOf(withMembers(members));
    expect(refusal).toMatchObject({ id: "1", code: "invalid-attribute" });
    expect(refusal.message).toContain(part);
  });

  test.each(['"id":"2"', '"i\\u0064":"1"', '"data":1,"data":2', '"ext":null,"ext":"x"'])(
    "for the repeated member in %s",
    (members) => {
      expect(refusalOf(withMembers(members))).toMatchObject({ code: "duplicate-attribute" });
    },
  );

  test("with an id only where one can be read", () => {
    expect(refusalOf('{"specversion":"1.0","id":"a\\u0000","source":"/s","type":"t"}')).not.toHaveProperty(
      "id",
    );
    expect(refusalOf('{"specversion":"1.0","id":7,"source":"/s","type":"t"}')).not.toHaveProperty("id");
  });
});

describe("The data of a CloudEvents object", () => {
  test.each([
    ["null", '"data":null'],
    ['"a string"', '"data":"a string"'],
    ["1.50", '"datacontenttype":"application/vnd.x+json; v=1","data":1.50'],
    ['{"a":1,"a":2}', '"data":{"a":1,"a":2}'],
    ['"\\ud800"', '"data":"\\ud800"'],
  ])("is the JSON text %s", (text, members) => {
    expect(readOne(withMembers(members)).data).toEqual({ encoding: "json", text });
  });

  test("is the content of a string where the content type is not JSON", () => {
    expect(readOne(withMembers('"datacontenttype":"application/xml","data":"<a b=\\"c\\"/>"')).data).toEqual({
      encoding: "text",
      text: '<a b="c"/>',
    });
    expect(readOne(withMembers('"datacontenttype":"text/plain","data":""')).data).toEqual({
      encoding: "text",
      text: "",
    });
    expect(readOne(withMembers('"datacontenttype":"text/plain","data":null')).data).toEqual({
      encoding: "none",
    });
  });

  test("is bytes where a text has a NUL, which no text column holds", () => {
    expect(readOne(withMembers('"datacontenttype":"text/plain","data":"a\\u0000é"')).data).toEqual({
      encoding: "binary",
      bytes: Uint8Array.of(0x61, 0, 0xc3, 0xa9),
    });
  });

  test("in base64 is bytes, or characters where the content type says so", () => {
    const read = (type: string, base64: string) =>
      readOne(withMembers(`${type}"data_base64":"${base64}"`)).data;
    expect(read("", "eyJhIjoxfQ==")).toEqual({
      encoding: "binary",
      bytes: new TextEncoder().encode('{"a":1}'),
    });
    expect(read('"datacontenttype":"application/json",', "eyJhIjoxfQ==")).toEqual({
      encoding: "json",
      text: '{"a":1}',
    });
    expect(read('"datacontenttype":"application/json",', "e30g/w==")).toMatchObject({ encoding: "binary" });
    expect(read('"datacontenttype":"text/plain",', "w6k=")).toEqual({ encoding: "text", text: "é" });
    expect(read('"datacontenttype":"text/plain",', "/w==")).toEqual({
      encoding: "binary",
      bytes: Uint8Array.of(255),
    });
    expect(read("", "")).toEqual({ encoding: "none" });
    expect(readOne(withMembers('"data":1,"data_base64":null')).data).toEqual({ encoding: "json", text: "1" });
  });

  test.each([
    ['"data":1,"data_base64":"AA=="', "Both"],
    ['"data_base64":"AA"', "base64"],
    ['"data_base64":"A-_="', "base64"],
    ['"data_base64":" AA=="', "base64"],
    ['"data_base64":5', "base64"],
    ['"datacontenttype":"text/plain","data":{"a":1}', "must be a string"],
    ['"datacontenttype":"text/plain","data":"\\udc00"', "surrogate"],
  ])("is refused in %s", (members, part) => {
    const refusal = refusalOf(withMembers(members));
    expect(refusal).toMatchObject({ id: "1", code: "invalid-data" });
    expect(refusal.message).toContain(part);
  });

  test("may nest as deep as the limit, and no deeper", () => {
    const nested = (depth: number) => withMembers(`"data":${"[".repeat(depth)}${"]".repeat(depth)}`);
    expect(readOne(nested(64)).data).toMatchObject({ encoding: "json" });
    expect(refusalOf(nested(65))).toMatchObject({ id: "1", code: "too-deep" });
    expect(refusalOf(nested(400_000))).toMatchObject({ code: "too-deep" });
    const inBase64 = Buffer.from("[".repeat(65) + "]".repeat(65)).toString("base64");
    expect(
      refusalOf(withMembers(`"datacontenttype":"application/json","data_base64":"${inBase64}"`)),
    ).toMatchObject({
      code: "too-deep",
    });
  });

  test("counts in bytes against the size of an event", () => {
    const sized = (text: string) => withMembers(`"data":"${text}"`);
    const room = 1000 - sized("").length;
    expect(readOne(sized("x".repeat(room)), undefined, { maxEventBytes: 1000 }).id).toBe("1");
    expect(readOne(sized("é".repeat(room / 2)), undefined, { maxEventBytes: 1000 }).id).toBe("1");
    expect(refusalOf(sized("é".repeat(room / 2 + 1)), undefined, { maxEventBytes: 1000 })).toMatchObject({
      id: "1",
      code: "too-large",
    });
  });
});
