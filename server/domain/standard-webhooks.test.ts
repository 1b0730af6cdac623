import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test, vi } from "vitest";
import {
  formatWebhookSecret,
  isWebhookSecret,
  signWebhook,
  verifyWebhook,
  webhookIdOf,
} from "./standard-webhooks.ts";

/** The vector that every library of the standard carries in its tests. */
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const message = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestampS: 1614265330,
  body: '{"test": 2432232314}',
};
const signed = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

describe("signing", () => {
  test("gives the standard's own example", () => {
    expect(signWebhook(message, [secret])).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": signed,
    });
  });

  test("takes a secret without its prefix as well", () => {
    expect(signWebhook(message, [secret.slice("whsec_".length)])["webhook-signature"]).toBe(signed);
  });

  test("signs bytes as it signs the text that they spell", () => {
    const body = new TextEncoder().encode(message.body);
    expect(signWebhook({ ...message, body }, [secret])["webhook-signature"]).toBe(signed);
  });

  test("signs with every secret while one is being replaced", () => {
    const next = formatWebhookSecret(new Uint8Array(32).fill(7));
    const [first, second, ...more] = signWebhook(message, [next, secret])["webhook-signature"].split(" ");
    expect(first).toMatch(/^v1,/);
    expect(first).not.toBe(signed);
    expect(second).toBe(signed);
    expect(more).toEqual([]);
  });

  test("refuses to send anything unsigned", () => {
    expect(() => signWebhook(message, [])).toThrow("without a secret");
    expect(() => signWebhook(message, ["whsec_c2hvcnQ="])).toThrow("24 to 64 bytes");
  });
});

describe("secrets", () => {
  test.each([
    ["of the standard", secret, true],
    ["of 24 bytes", formatWebhookSecret(new Uint8Array(24)), true],
    ["of 64 bytes", formatWebhookSecret(new Uint8Array(64)), true],
    ["too short", formatWebhookSecret(new Uint8Array(23)), false],
    ["too long", formatWebhookSecret(new Uint8Array(65)), false],
    ["that is no base64", "whsec_this is not base64 but long enough", false],
    ["that is empty", "whsec_", false],
  ])("one %s", (_, text, isValid) => {
    expect(isWebhookSecret(text)).toBe(isValid);
  });
});

describe("verifying", () => {
  const headers = signWebhook(message, [secret]);
  const now = message.timestampS;

  test("a message that was just signed", () => {
    expect(verifyWebhook(headers, message.body, [secret], now)).toEqual({ kind: "verified" });
  });

  test("one of several signatures, among those of other versions", () => {
    const several = { ...headers, "webhook-signature": `v2,abc v1,AAAA v1a,${signed.slice(3)} ${signed}` };
    expect(verifyWebhook(several, message.body, [secret], now)).toEqual({ kind: "verified" });
  });

  test("five minutes either way, and no more", () => {
    const verdictAt = (nowS: number) => verifyWebhook(headers, message.body, [secret], nowS);
    expect([verdictAt(now - 300), verdictAt(now + 300)]).toEqual([
      { kind: "verified" },
      { kind: "verified" },
    ]);
    expect(verdictAt(now + 301)).toEqual({ kind: "refused", reason: "it was signed too long ago" });
    expect(verdictAt(now - 301)).toEqual({ kind: "refused", reason: "it was signed in the future" });
  });

  test.each([
    ["another body", headers, "{}"],
    ["another id", { ...headers, "webhook-id": "msg_other" }, message.body],
    ["another time", { ...headers, "webhook-timestamp": String(now + 1) }, message.body],
    ["half a signature", { ...headers, "webhook-signature": signed.slice(0, 10) }, message.body],
    ["an empty signature", { ...headers, "webhook-signature": "v1," }, message.body],
    [
      "another version's signature",
      { ...headers, "webhook-signature": `v2,${signed.slice(3)}` },
      message.body,
    ],
  ])("%s is refused", (_, given, body) => {
    expect(verifyWebhook(given, body, [secret], now)).toEqual({
      kind: "refused",
      reason: "no signature matches",
    });
  });

  test("missing and unreadable headers are named", () => {
    expect(verifyWebhook({}, message.body, [secret], now)).toMatchObject({
      reason: expect.stringContaining("missing"),
    });
    expect(
      verifyWebhook({ ...headers, "webhook-timestamp": "soon" }, message.body, [secret], now),
    ).toMatchObject({
      reason: expect.stringContaining("webhook-timestamp"),
    });
  });
});

describe("laws", () => {
  const keys = fc.uint8Array({ minLength: 24, maxLength: 64 });
  const ids = fc.stringMatching(/^[\w-]{1,40}$/);

  test("any bytes that we sign are verified, and by nobody without the secret", () => {
    fc.assert(
      fc.property(keys, keys, ids, fc.uint8Array(), (key, other, id, body) => {
        const own = formatWebhookSecret(key);
        const headers = signWebhook({ id, timestampS: 1000, body }, [own]);
        expect(verifyWebhook(headers, body, [own], 1000)).toEqual({ kind: "verified" });
        if (Buffer.compare(key, other) === 0) return;
        expect(verifyWebhook(headers, body, [formatWebhookSecret(other)], 1000).kind).toBe("refused");
      }),
    );
  });

  test("the standard's library accepts what we sign, and we what it signs", () => {
    vi.useFakeTimers({ now: message.timestampS * 1000 });
    try {
      fc.assert(
        fc.property(keys, ids, fc.json(), (key, id, body) => {
          const own = formatWebhookSecret(key);
          const theirs = new Webhook(own);
          const headers = signWebhook({ id, timestampS: message.timestampS, body }, [own]);
          expect(() => theirs.verify(body, headers)).not.toThrow();
          expect(theirs.sign(id, new Date(), body)).toBe(headers["webhook-signature"]);
        }),
      );
    } finally {
      vi.useRealTimers();
    }
  });
});

test("an event has one id, whatever stands in its source and its own id", () => {
  expect(webhookIdOf("/orders", "1")).toMatch(/^msg_[\w-]{32}$/);
  expect(webhookIdOf("/orders", "1")).toBe(webhookIdOf("/orders", "1"));
  expect(webhookIdOf("/a.b", "c")).not.toBe(webhookIdOf("/a", "b.c"));
});
