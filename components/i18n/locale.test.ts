import { expect, test } from "vitest";
import { pickLocale } from "./locale.ts";

test("the remembered language wins over what the browser accepts", () => {
  expect(pickLocale("ja", "en-US,en;q=0.9")).toBe("ja");
});

test("the browser's most wanted language that we speak is taken", () => {
  expect(pickLocale(undefined, "fr-FR,ja-JP;q=0.8,en;q=0.7")).toBe("ja");
  expect(pickLocale(undefined, "en;q=0.3, ja;q=0.4")).toBe("ja");
  expect(pickLocale(undefined, "ja;q=0, en")).toBe("en");
});

test("without a language that we speak it is English", () => {
  expect(pickLocale(undefined, "fr, de;q=0.5")).toBe("en");
  expect(pickLocale("tlh", null)).toBe("en");
  expect(pickLocale(undefined, ";;,q=,")).toBe("en");
});
