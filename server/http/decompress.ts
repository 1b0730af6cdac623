import type { Transform } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, createZstdDecompress, gunzip, type ZlibOptions, zstdDecompress } from "node:zlib";
import { AppError } from "#server/platform/errors.ts";

const gunzipAsync = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const zstdAsync = promisify<Buffer, object, Buffer>(zstdDecompress);

export type Encoding = "identity" | "gzip" | "zstd";

/** The encoding of a body. Throws `unsupported-media-type` for one that we can't undo. */
export function contentEncoding(header: string | undefined): Encoding {
  const name = header?.trim().toLowerCase() ?? "identity";
  if (name === "" || name === "identity") return "identity";
  if (name === "gzip" || name === "x-gzip") return "gzip";
  if (name === "zstd") return "zstd";
  throw new AppError(
    "unsupported-media-type",
    `Content-Encoding "${header}" is not supported. Use gzip, zstd or none.`,
  );
}

/**
 * Undoes the encoding of a whole body. Throws `unreadable` when it is damaged or cut off, and `too-large` when more
 * than `maxBytes` come out.
 */
export async function decompress(body: Buffer, encoding: Encoding, maxBytes: number): Promise<Buffer> {
  if (encoding === "identity") return body;
  try {
    const options = { maxOutputLength: maxBytes };
    return encoding === "gzip" ? await gunzipAsync(body, options) : await zstdAsync(body, options);
  } catch (cause) {
    throw decompressionError(encoding, cause, maxBytes);
  }
}

/** The same for a body that streams. Null when there is nothing to undo. */
export function createDecompressor(encoding: Encoding): Transform | null {
  if (encoding === "identity") return null;
  return encoding === "gzip" ? createGunzip() : createZstdDecompress();
}

export function decompressionError(encoding: Encoding, cause: unknown, maxBytes: number): AppError {
  const isTooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
  if (isTooLarge) {
    return new AppError(
      "too-large",
      `The body is larger than ${maxBytes} bytes once unpacked. Split it into smaller ones.`,
    );
  }
  return new AppError(
    "unreadable",
    `The body is damaged or cut off: it is no complete ${encoding} data. Send it again.`,
    { cause },
  );
}
