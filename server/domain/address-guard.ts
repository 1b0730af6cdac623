import ipaddr from "ipaddr.js";

/**
 * Keeps HTTP deliveries off the networks behind us. Whoever may name a target could otherwise have us call what
 * only we can reach: the database, a router, the metadata of a cloud machine.
 *
 * Judge the address that the connection goes to, after name resolution and on every redirect: a name may resolve
 * to something else a moment later.
 */
export type AddressGuard = (address: string) => AddressVerdict;

export type AddressVerdict = { kind: "public" } | { kind: "allowed" } | { kind: "refused"; reason: string };

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** Addresses outside are not routed on the Internet, or not yet given to anybody. */
const GLOBAL_UNICAST: Range = [ipaddr.IPv6.parse("2000::"), 3];

const REASONS: Record<string, string> = {
  unspecified: "it means this machine",
  loopback: "it means this machine",
  private: "it is in a private network",
  uniqueLocal: "it is in a private network",
  deprecatedSiteLocal: "it is in a private network",
  carrierGradeNat: "it is in a provider's inner network",
  linkLocal: "it is link-local, where cloud machines keep their metadata",
  multicast: "it is a multicast address",
  broadcast: "it is the broadcast address",
  "6to4": "it is a tunnel to another address",
  teredo: "it is a tunnel to another address",
};
const OTHER_REASON = "it is reserved for a special use";

/**
 * A guard that lets public addresses through, and those of the ranges given (`10.1.0.0/16`, `fd00::/8`, or single
 * addresses).
 *
 * @throws when a range can't be read
 */
export function createAddressGuard(allowed: readonly string[] = []): AddressGuard {
  const ranges = allowed.map((text) => {
    const range = readRange(text);
    if (range === null)
      throw new Error(`"${text}" is no address range. Write it like 10.1.0.0/16 or fd00::/8.`);
    return range;
  });
  return (text) => {
    const address = readAddress(text);
    if (address === null) return { kind: "refused", reason: "it is not an IP address" };
    const inner = embeddedAddress(address) ?? address;
    if (ranges.some((range) => isWithin(address, range) || isWithin(inner, range)))
      return { kind: "allowed" };
    const reason = reasonAgainst(inner);
    return reason === null ? { kind: "public" } : { kind: "refused", reason };
  };
}

/** Whether the text can be given to `createAddressGuard`. */
export function isAddressRange(text: string): boolean {
  return readRange(text) !== null;
}

function reasonAgainst(address: Address): string | null {
  const use: string = address.range();
  if (use !== "unicast") return REASONS[use] ?? OTHER_REASON;
  return address.kind() === "ipv4" || isWithin(address, GLOBAL_UNICAST) ? null : OTHER_REASON;
}

/**
 * The IPv4 address that packets to an IPv6 address end at: where it is mapped (`::ffff:10.0.0.1`) or translated by
 * NAT64 (`64:ff9b::10.0.0.1`), as on networks without IPv4. Tunnels (6to4, Teredo) are refused as such.
 */
function embeddedAddress(address: Address): ipaddr.IPv4 | null {
  if (!(address instanceof ipaddr.IPv6)) return null;
  if (!address.isIPv4MappedAddress() && !isWithin(address, NAT64)) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

const NAT64: Range = [ipaddr.IPv6.parse("64:ff9b::"), 96];

function isWithin(address: Address, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

/** Only the spellings that everybody reads alike: `0177.0.0.1` is 127.0.0.1 to some and 177.0.0.1 to others. */
function readAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // ipaddr.js takes `::8.8.8.8` for `::ffff:8.8.8.8`, which is another address.
  const spelled = text.replace(/^::(?=\d+\.)/, "::0:");
  return ipaddr.IPv6.isValid(spelled) ? ipaddr.IPv6.parse(spelled) : null;
}

function readRange(text: string): Range | null {
  const address = readAddress(text);
  if (address !== null) return [address, address.kind() === "ipv4" ? 32 : 128];
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return ipaddr.IPv4.parseCIDR(text);
  return ipaddr.IPv6.isValidCIDR(text) ? ipaddr.IPv6.parseCIDR(text) : null;
}
