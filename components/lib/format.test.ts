import { describe, expect, test } from "vitest";
import { createFormat, toMs } from "./format.ts";
import { parseZoneChoice, resolveTimeZone } from "./time-zone.ts";

const en = createFormat("en", "UTC");
const ja = createFormat("ja", "Asia/Tokyo");
const at = Date.parse("2026-01-31T23:03:09.007Z");

describe("moments", () => {
  test("are written in the chosen zone with its offset", () => {
    expect(en.dateTime(at)).toBe("2026-01-31 23:03:09.007 UTC");
    expect(ja.dateTime(at)).toBe("2026-02-01 08:03:09.007 +09:00");
    expect(createFormat("en", "Asia/Kolkata").dateTime(at)).toBe("2026-02-01 04:33:09.007 +05:30");
  });

  test("keep midnight at 00, not 24", () => {
    expect(en.clock("2026-01-31T00:00:00Z")).toBe("00:00:00");
  });

  test("take RFC 3339 text with any offset", () => {
    expect(en.time("2026-02-01T08:03:09.007+09:00")).toBe("23:03:09.007");
  });

  test("have their shorter forms", () => {
    expect([en.clock(at), en.date(at), en.minute(at), en.second(at)]).toEqual([
      "23:03:09",
      "2026-01-31",
      "2026-01-31 23:03",
      "2026-01-31 23:03:09",
    ]);
  });

  test("before 1970 keep positive milliseconds", () => {
    expect(en.time(-1)).toBe("23:59:59.999");
  });

  test("that can't be read are shown as they came", () => {
    expect(en.dateTime("yesterday")).toBe("yesterday");
    expect(en.relative("yesterday", at)).toBe("yesterday");
    expect(toMs("yesterday")).toBeNaN();
  });
});

describe("relative times", () => {
  const now = at + 3 * 60_000 + 5000;
  test("use the largest whole unit", () => {
    expect(en.relative(at, now)).toBe("3 min. ago");
    expect(ja.relative(at, now)).toBe("3 分前");
    expect(en.relative(at - 50 * 3_600_000, now)).toBe("2 days ago");
    expect(en.relative(at, at + 59_999)).toBe("59 sec. ago");
  });

  test("show a clock that runs ahead", () => {
    expect(en.relative(at + 10_000, at)).toBe("in 10 sec.");
    expect(en.relative(at + 900, at)).toBe("0 sec. ago");
  });
});

describe("quantities", () => {
  test("durations keep two units at most", () => {
    const cases: [number, string, string][] = [
      [0, "0 ms", "0 ms"],
      [0.85, "850 μs", "850 μs"],
      [1.25, "1.3 ms", "1.3 ms"],
      [999, "999 ms", "999 ms"],
      [1500, "1.5 sec", "1.5 秒"],
      [184_000, "3 min 4 sec", "3 分 4 秒"],
      [7_200_000, "2 hr", "2 時間"],
      [273_600_000, "3 days 4 hr", "3 日 4 時間"],
    ];
    for (const [ms, english, japanese] of cases) {
      expect([en.duration(ms), ja.duration(ms)]).toEqual([english, japanese]);
    }
  });

  test("negative durations keep their sign, unknown ones are a dash", () => {
    expect(en.duration(-1500)).toBe("-1.5 sec");
    expect(en.duration(Number.NaN)).toBe("–");
  });

  test("bytes count in 1024s", () => {
    expect([0, 1, 1023, 1024, 1536, 1_048_576, 157_286_400].map(en.bytes)).toEqual([
      "0 B",
      "1 B",
      "1,023 B",
      "1 KiB",
      "1.5 KiB",
      "1 MiB",
      "150 MiB",
    ]);
  });

  test("numbers group and shorten as the language does", () => {
    expect(en.number(1_234_567)).toBe("1,234,567");
    expect([en.compact(12_345), ja.compact(12_345)]).toEqual(["12.3K", "1.2万"]);
    expect(en.percent(0.1234)).toBe("12.3%");
  });

  test("rates have as many decimals as others of their size", () => {
    expect([0, 0.004, 0.1, 0.467, 9.994].map(en.rate)).toEqual(["0", "<0.01", "0.10", "0.47", "9.99"]);
    expect([9.996, 12.345, 99.96, 1234.5].map(en.rate)).toEqual(["10.0", "12.3", "100", "1,235"]);
  });
});

describe("the time zone", () => {
  test("is the browser's unless UTC was chosen", () => {
    expect(resolveTimeZone("local", "Asia/Tokyo")).toBe("Asia/Tokyo");
    expect(resolveTimeZone("utc", "Asia/Tokyo")).toBe("UTC");
  });

  test("is UTC while the browser's is unknown or nonsense", () => {
    expect(resolveTimeZone("local", undefined)).toBe("UTC");
    expect(resolveTimeZone("local", "Mars/Base")).toBe("UTC");
  });

  test("a cookie that says neither counts as local", () => {
    expect([parseZoneChoice("utc"), parseZoneChoice("x"), parseZoneChoice(undefined)]).toEqual([
      "utc",
      "local",
      "local",
    ]);
  });
});
