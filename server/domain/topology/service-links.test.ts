import { describe, expect, test } from "vitest";
import { chooseLinks, type Sighting } from "./service-links.ts";

const seen = (source: string, consumer: string, hits: number, events = hits): Sighting => ({
  source,
  consumer,
  hits,
  events,
});

describe("Which source and consumer are one service", () => {
  test("is told by names where several take the same", () => {
    const links = chooseLinks([
      seen("/samples/orders/stock", "orders.stock", 3),
      seen("/samples/orders/stock", "orders.mail", 3),
      seen("/samples/orders/stock", "trading.stock", 3),
    ]);
    expect(links).toEqual([{ source: "/samples/orders/stock", consumer: "orders.stock" }]);
  });

  test("is not told by names alone: the consumer must have taken what the source reacts to", () => {
    expect(chooseLinks([seen("/shop/stock", "stock", 5, 10)])).toEqual([]);
  });

  test("is told without names by the only one that takes everything, once it was seen often", () => {
    expect(chooseLinks([seen("urn:till", "billing", 19)])).toEqual([]);
    expect(chooseLinks([seen("urn:till", "billing", 19, 21), seen("urn:till", "audit", 2, 21)])).toEqual([]);
    expect(chooseLinks([seen("urn:till", "billing", 20, 21), seen("urn:till", "audit", 2, 21)])).toEqual([
      { source: "urn:till", consumer: "billing" },
    ]);
  });

  test("is nobody for several sources that one consumer alone comes before, or where two are as likely", () => {
    expect(chooseLinks([seen("urn:a", "audit", 50), seen("urn:b", "audit", 50)])).toEqual([]);
    expect(chooseLinks([seen("urn:a", "left", 50), seen("urn:a", "right", 50)])).toEqual([]);
  });

  test("looks beyond what names say of a part in the system", () => {
    const links = chooseLinks([
      seen("https://shop.example/payment-service", "payment-consumer", 2),
      seen("https://shop.example/payment-service", "mail-consumer", 2),
    ]);
    expect(links).toEqual([{ source: "https://shop.example/payment-service", consumer: "payment-consumer" }]);
  });
});
