import { isIP } from "node:net";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Why a request must not be served, or null. It keeps web pages of other origins from reading this server or posting
 * to it through a person's browser: `Host` must be ours (a page that rebinds its own name to this address fails
 * here), and whatever a browser says of the page that asks must name ourselves. Programs send neither and pass.
 *
 * @param allowedHosts lower-case host names without a port, beside `localhost` and plain IP addresses.
 */
export function refuseForeign(
  { method, headers }: { method?: string | undefined; headers: Headers },
  allowedHosts: readonly string[],
): string | null {
  const host = one(headers.host)?.toLowerCase();
  const name = host === undefined ? null : hostName(host);
  if (name === null) return "The request names no host.";
  const isOurs = name === "localhost" || isIP(name) !== 0 || allowedHosts.includes(name);
  if (!isOurs) {
    return `This server does not go by the name ${name}. If it should, add it to NAGARE_ALLOWED_HOSTS.`;
  }
  const origin = one(headers.origin);
  if (origin !== undefined) {
    return originHost(origin) === host ? null : `Pages from ${origin} may not use this server.`;
  }
  const site = one(headers["sec-fetch-site"]);
  const isForeign = site === "cross-site" || site === "same-site";
  const isVisit = one(headers["sec-fetch-mode"]) === "navigate" && (method === "GET" || method === "HEAD");
  return isForeign && !isVisit ? "Pages from elsewhere may not use this server." : null;
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The host without its port; IPv6 without brackets. Null when it is no host. */
function hostName(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:/@\s]+))(?::\d{1,5})?$/.exec(host);
  return match?.[1] ?? match?.[2] ?? null;
}

function originHost(origin: string): string | null {
  if (!URL.canParse(origin)) return null;
  return new URL(origin).host;
}
