import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressGuard } from "#server/domain/address-guard.ts";

/** A delivery must not go to this address. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";

  constructor(host: string, address: string, reason: string) {
    const where = host === address ? address : `${host} (${address})`;
    super(
      `Deliveries may not go to ${where}: ${reason}. If this one should, add its range to NAGARE_ALLOWED_TARGETS.`,
    );
  }
}

/** All addresses of a name. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export const resolveName: Resolve = (host, done) => lookup(host, { all: true, order: "verbatim" }, done);

/**
 * A name resolution that gives only addresses that the guard lets through. The connection goes to just these, so a
 * name that resolves to something else a moment later gains nothing.
 */
export function createGuardedLookup(guard: AddressGuard, resolve: Resolve): LookupFunction {
  return (host, { all, family }, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, "");
      const wanted = addresses.filter(
        (one) => !family || family === `IPv${one.family}` || family === one.family,
      );
      const judged = wanted.map((one) => ({ ...one, verdict: guard(one.address) }));
      const open = judged.filter(({ verdict }) => verdict.kind !== "refused");
      const [first] = open;
      const [refused] = judged;
      if (first === undefined) {
        const reason = refused?.verdict.kind === "refused" ? refused.verdict.reason : "it has no address";
        return done(new RefusedAddressError(host, refused?.address ?? host, reason), "");
      }
      if (all)
        return done(
          null,
          open.map(({ address, family }) => ({ address, family })),
        );
      return done(null, first.address, first.family);
    });
  };
}
