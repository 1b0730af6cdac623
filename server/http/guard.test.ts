import { describe, expect, test } from "vitest";
import { refuseForeign } from "./guard.ts";

const allowed = ["console.example.com"];
const get = (headers: Record<string, string>) => refuseForeign({ method: "GET", headers }, allowed);
const post = (headers: Record<string, string>) => refuseForeign({ method: "POST", headers }, allowed);

describe("requests that are served", () => {
  test.each([
    { host: "localhost:3000" },
    { host: "127.0.0.1:3000" },
    { host: "[::1]:3000" },
    { host: "192.168.1.20:3000" },
    { host: "Console.example.com" },
  ])("from a program to $host", (headers) => {
    expect(post(headers)).toBeNull();
  });

  test("from our own page", () => {
    expect(
      post({ host: "localhost:3000", origin: "http://localhost:3000", "sec-fetch-site": "same-origin" }),
    ).toBeNull();
    expect(post({ host: "console.example.com", origin: "https://console.example.com" })).toBeNull();
  });

  test("a link from elsewhere that a person follows", () => {
    expect(
      get({ host: "localhost:3000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }),
    ).toBeNull();
  });
});

describe("requests that are refused", () => {
  test("a name that was rebound to this address", () => {
    expect(get({ host: "evil.example:3000" })).toContain("NAGARE_ALLOWED_HOSTS");
  });

  test.each(["http://evil.example", "null", "http://localhost:4000", "not a url"])(
    "a page of origin %s",
    (origin) => {
      expect(post({ host: "localhost:3000", origin })).not.toBeNull();
    },
  );

  test("an image, script or form of another site without an origin", () => {
    const headers = { host: "localhost:3000", "sec-fetch-site": "cross-site" };
    expect(get({ ...headers, "sec-fetch-mode": "no-cors" })).not.toBeNull();
    expect(post({ ...headers, "sec-fetch-mode": "navigate" })).not.toBeNull();
  });

  test("no host, or one that is none", () => {
    expect(get({})).not.toBeNull();
    expect(get({ host: "a b" })).not.toBeNull();
  });
});
