import { describe, expect, it } from "vitest";
import { shapePayloads } from "./payload-shape.ts";

describe("the shape of payloads", () => {
  it("is nothing but identifiers where every field refers to something", () => {
    const texts = [
      '{"orderId":"o-1"}',
      '{"order_id":17,"customer-number":4}',
      '{"id":"7","self.href":"/o/7"}',
    ];
    expect(shapePayloads(texts)).toMatchObject({ looked: 3, idOnly: 3 });
  });

  it("is more where a field says something, and where there is no object", () => {
    const texts = [
      '{"orderId":"o-1","amount":3}',
      '{"paid":true}',
      '{"key":"a long text with spaces"}',
      "{}",
      "[1]",
      "null",
      "no json",
      '{"id":{"nested":1}}',
      '{"aId":1,"bId":2,"cId":3,"dId":4}',
    ];
    expect(shapePayloads(texts)).toMatchObject({ looked: 9, idOnly: 0 });
  });

  it("has the fields that most of them have", () => {
    const texts = [
      '{"orderId":"o-1","amount":3}',
      '{"orderId":"o-2","amount":4}',
      '{"orderId":"o-3","gift":1}',
    ];
    expect(shapePayloads(texts).fields).toEqual(["orderId", "amount"]);
  });
});
