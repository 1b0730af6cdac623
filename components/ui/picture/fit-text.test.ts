import { expect, test } from "vitest";
import { fitText, fitTextEnd } from "./fit-text.ts";

test("a text that fits stays as it is, a longer one ends in three dots", () => {
  expect(fitText("orders", 6)).toBe("orders");
  expect(fitText("orders-archive", 6)).toBe("order…");
  expect(fitText("", 6)).toBe("");
});

test("letters that are as wide as high count twice, and none is cut in half", () => {
  expect(fitText("注文一覧", 8)).toBe("注文一覧");
  expect(fitText("注文一覧", 7)).toBe("注文…");
  expect(fitText("🚚🚚🚚", 4)).toBe("🚚…");
});

test("where the end tells texts apart, the beginning is cut", () => {
  expect(fitTextEnd("com.example.order.placed", 13)).toBe("…order.placed");
  expect(fitTextEnd("注文一覧", 7)).toBe("…一覧");
  expect(fitTextEnd("orders", 6)).toBe("orders");
});
