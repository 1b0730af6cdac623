import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAddressGuard, isAddressRange } from "./address-guard.ts";

const guard = createAddressGuard();

describe("public addresses", () => {
  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.255.255",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
  ])("%s may be called", (address) => {
    expect(guard(address)).toEqual({ kind: "public" });
  });
});

describe("everything else", () => {
  test.each([
    ["0.0.0.0", "this machine"],
    ["0.1.2.3", "this machine"],
    ["127.0.0.1", "this machine"],
    ["127.255.255.254", "this machine"],
    ["::", "this machine"],
    ["::1", "this machine"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["fc00::1", "private"],
    ["fd12:3456::1", "private"],
    ["fec0::1", "private"],
    ["100.64.0.1", "provider"],
    ["100.127.255.255", "provider"],
    ["169.254.169.254", "link-local"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "broadcast"],
    ["240.0.0.1", "special use"],
    ["192.0.0.8", "special use"],
    ["192.0.2.1", "special use"],
    ["198.18.0.1", "special use"],
    ["198.51.100.1", "special use"],
    ["203.0.113.1", "special use"],
    ["2001:db8::1", "special use"],
    ["3fff::1", "special use"],
    ["100::1", "special use"],
    ["4000::1", "special use"],
    ["::8.8.8.8", "special use"],
    ["::ffff:0:8.8.8.8", "special use"],
    ["64:ff9b:1::8.8.8.8", "special use"],
    ["2002:0808:0808::1", "tunnel"],
    ["2001:0:808:808::1", "tunnel"],
    ["::ffff:127.0.0.1", "this machine"],
    ["::ffff:a9fe:a9fe", "link-local"],
    ["64:ff9b::10.0.0.1", "private"],
  ])("%s is refused, since it is %s", (address, reason) => {
    expect(guard(address)).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
  });

  test.each([
    "",
    "localhost",
    "0177.0.0.1",
    "0x7f.1",
    "2130706433",
    "127.1",
    "1.1.1.1.1",
    "[::1]",
    "1.1.1.256",
  ])("%j is no address", (text) => {
    expect(guard(text)).toEqual({ kind: "refused", reason: "it is not an IP address" });
  });
});

describe("ranges that configuration allows", () => {
  const allowing = createAddressGuard(["10.1.0.0/16", "192.168.0.7", "fd00::/8"]);

  test.each(["10.1.2.3", "::ffff:10.1.2.3", "192.168.0.7", "fd00::1"])("%s is allowed", (address) => {
    expect(allowing(address)).toEqual({ kind: "allowed" });
  });

  test.each(["10.2.0.1", "192.168.0.8", "fc00::1", "127.0.0.1"])("%s stays refused", (address) => {
    expect(allowing(address).kind).toBe("refused");
  });

  test("a public address needs no permission", () => {
    expect(allowing("8.8.8.8")).toEqual({ kind: "public" });
  });

  test.each(["10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "::/129", "example.org", ""])(
    "%j is no range",
    (text) => {
      expect(isAddressRange(text)).toBe(false);
      expect(() => createAddressGuard([text])).toThrow("is no address range");
    },
  );
});

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));

describe("laws", () => {
  test("an IPv4 address is judged alike however it is wrapped", () => {
    fc.assert(
      fc.property(octets, (address) => {
        expect(guard(`::ffff:${address}`)).toEqual(guard(address));
        expect(guard(`64:ff9b::${address}`)).toEqual(guard(address));
      }),
    );
  });

  test("no IPv4 address of a private network gets through", () => {
    const inner = fc.oneof(
      octets.map((address) => address.replace(/^\d+/, "10")),
      octets.map((address) => address.replace(/^\d+/, "127")),
      octets.map((address) => address.replace(/^\d+\.\d+/, "192.168")),
      octets.map((address) => address.replace(/^\d+\.\d+/, "169.254")),
    );
    fc.assert(
      fc.property(inner, (address) => {
        expect(guard(address).kind).toBe("refused");
      }),
    );
  });

  test("no IPv6 address outside 2000::/3 gets through, unless it wraps a public IPv4 address", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (guard(address).kind !== "public") return;
        expect(address).toMatch(/^(?:[23][0-9a-f]{3}:|0*64:ff9b:|::ffff:|(?:0+:){5}ffff:)/i);
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever the text, there is a verdict", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[\d.:a-f%/x]{1,20}$/), octets, fc.ipV6()),
        (text) => {
          expect(["public", "refused"]).toContain(guard(text).kind);
        },
      ),
    );
  });
});
