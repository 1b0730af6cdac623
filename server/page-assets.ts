import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const PREFIX = "/_next/static/";
/** Nearly as small as the highest level, in a small part of its time: the first who asks waits for it. */
const BROTLI_QUALITY = 6;

const TYPES: Record<string, { type: string; isText: boolean }> = {
  ".js": { type: "application/javascript; charset=utf-8", isText: true },
  ".css": { type: "text/css; charset=utf-8", isText: true },
  ".svg": { type: "image/svg+xml", isText: true },
  ".woff2": { type: "font/woff2", isText: false },
};

type Encoding = "br" | "gzip" | "identity";

/** Answers a request for a file of the pages, or leaves it to somebody else. */
export type PageAssets = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The files of built pages whose names hold a digest of their content: a browser asks for each of them once. Each is
 * read and compressed for the first who asks and kept, so that it costs nothing for those who come after.
 *
 * @param folder where they lie; nothing else is ever given out.
 */
export function openPageAssets(folder: string): PageAssets {
  const known = new Map(listFiles(folder).map((file) => [`${PREFIX}${file}`, path.join(folder, file)]));
  const kept = new Map<string, Promise<Buffer>>();
  const read = (file: string, encoding: Encoding) => {
    const key = `${encoding} ${file}`;
    const found = kept.get(key) ?? readEncoded(file, encoding);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    return found;
  };
  return (request, response) => {
    const { method, url = "" } = request;
    const file = known.get(url.split("?", 1)[0] ?? "");
    const about = file === undefined ? undefined : TYPES[path.extname(file)];
    const isRead = method === "GET" || method === "HEAD";
    if (file === undefined || about === undefined || !isRead || request.headers.range !== undefined)
      return false;
    const encoding = about.isText ? chooseEncoding(request.headers["accept-encoding"]) : "identity";
    read(file, encoding).then(
      (body) => {
        response.writeHead(200, {
          "content-type": about.type,
          "content-length": body.length,
          "cache-control": "public, max-age=31536000, immutable",
          ...(about.isText && { vary: "accept-encoding" }),
          ...(encoding !== "identity" && { "content-encoding": encoding }),
        });
        response.end(method === "HEAD" ? undefined : body);
      },
      () => response.writeHead(500, { "cache-control": "no-store" }).end(),
    );
    return true;
  };
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
}

function chooseEncoding(accepted: string | string[] | undefined): Encoding {
  const taken = String(accepted ?? "")
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(";", 1)[0]?.trim());
  if (taken.includes("br")) return "br";
  return taken.includes("gzip") ? "gzip" : "identity";
}

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function readEncoded(file: string, encoding: Encoding): Promise<Buffer> {
  const content = await readFile(file);
  if (encoding === "gzip") return toGzip(content);
  if (encoding === "identity") return content;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return toBrotli(content, {
    params: { [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [BROTLI_PARAM_SIZE_HINT]: content.length },
  });
}
