import { describeError, ERROR_KINDS, type ErrorRecord } from "#server/domain/error-record.ts";

/** The error of an attempt as it was stored. Records of that shape are written; what is missing is made up for. */
export function toErrorRecord(stored: unknown): ErrorRecord {
  if (typeof stored !== "object" || stored === null) return describeError("reported", "");
  const { kind, name, message, ...rest } = stored as Partial<ErrorRecord>; // any part of it may be missing
  return {
    ...rest,
    kind: ERROR_KINDS.find((one) => one === kind) ?? "reported",
    name: name ?? "Error",
    message: message ?? "",
  };
}
