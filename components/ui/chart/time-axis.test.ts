import { expect, test } from "vitest";
import { timeLabels } from "./time-axis.ts";

const format = {
  clock: (at: number | string) => new Date(at).toISOString().slice(11, 19),
  date: (at: number | string) => new Date(at).toISOString().slice(0, 10),
};
const at = (text: string) => Date.parse(`${text}Z`);

test("marks within a minute name the second", () => {
  expect(timeLabels([at("2026-01-31T10:00:00"), at("2026-01-31T10:00:15")], 15_000, format)).toEqual([
    "10:00:00",
    "10:00:15",
  ]);
});

test("a mark at which a new day begins names the day", () => {
  expect(timeLabels([at("2026-01-31T23:00:00"), at("2026-02-01T00:00:00")], 3_600_000, format)).toEqual([
    "23:00",
    "02-01",
  ]);
});

test("marks a day apart name the day", () => {
  expect(timeLabels([at("2026-01-31T00:00:00"), at("2026-02-01T00:00:00")], 86_400_000, format)).toEqual([
    "01-31",
    "02-01",
  ]);
});
