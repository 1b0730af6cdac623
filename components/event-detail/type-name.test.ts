import { expect, test } from "vitest";
import { splitType } from "./type-name.tsx";

test.each([
  ["com.example.payments.card.authorized", "com.example.payments.", "card.authorized"],
  ["order.placed", "", "order.placed"],
  ["orderPlaced", "", "orderPlaced"],
  ["urn:acme:orders/placed", "urn:acme:", "orders/placed"],
])("%s is cut before what tells it from others", (type, head, tail) => {
  expect(splitType(type)).toEqual({ head, tail });
});

test.each(["...", "a..", "", ".", "com.example."])("the parts of %j are the whole", (type) => {
  const { head, tail } = splitType(type);
  expect(head + tail).toBe(type);
  if (type !== "") expect(tail).not.toBe("");
});
