import type { TraceReference } from "#server/contract/sagas.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";

/** What the address of a comparison says about one side. */
export type SideAddress = { value: string | null; by: string | null; subject: string | null };

/** Which flow a side is; null where none was chosen. Whatever is not known as a correlation is a correlation id. */
export function toReference({ value, by, subject }: SideAddress): TraceReference | null {
  if (value === null || value === "") return null;
  const known = CORRELATIONS.find((each) => each === by) ?? "correlation-id";
  return { by: known, value, subject: subject === "" ? null : subject };
}

/** What a side is called in an address. */
export function toAddress(reference: TraceReference | null): SideAddress {
  if (reference === null) return { value: null, by: null, subject: null };
  const { by, value, subject } = reference;
  return { value, by: by === "correlation-id" ? null : by, subject };
}
