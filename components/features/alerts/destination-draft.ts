import { z } from "zod";
import type {
  DestinationChange,
  DestinationDto,
  DestinationInput,
} from "#server/contract/alert-destinations.ts";
import type { NoticeLanguage } from "#server/domain/alerts/alert.ts";
import { NAME_CHARACTERS } from "./read-rule.ts";
import { isWebAddress } from "./web-address.ts";

const MOST_RECIPIENTS = 50;
const mailAddress = z.email();

/** A destination as it is typed. An address that is left empty stays as it is, where there is one. */
export type DestinationDraft = {
  kind: DestinationDto["kind"];
  name: string;
  language: NoticeLanguage;
  address: string;
};

export type DestinationProblem =
  | { field: "name"; reason: "empty" | "taken" }
  | { field: "name"; reason: "too-long"; limit: number }
  | { field: "address"; reason: "empty" | "no-address" }
  | { field: "address"; reason: "no-mail"; text: string }
  | { field: "address"; reason: "too-many"; limit: number };

export type ReadDestination =
  /** `url` and `to` are left out where the address stays. */
  | { kind: "destination"; name: string; url?: string; to?: string[] }
  | { kind: "invalid"; problems: DestinationProblem[] };

/** Reads a draft, or says which fields can't be used. `others` are the names of the other destinations. */
export function readDestination(
  draft: DestinationDraft,
  { isNew, others }: { isNew: boolean; others: readonly string[] },
): ReadDestination {
  const name = draft.name.trim();
  const address = draft.address.trim();
  const isKept = address === "" && !isNew;
  const problems = [problemOfName(name, others), isKept ? null : problemOfAddress(draft.kind, address)];
  const found = problems.filter((problem) => problem !== null);
  if (found.length > 0) return { kind: "invalid", problems: found };
  if (isKept) return { kind: "destination", name };
  return draft.kind === "mail"
    ? { kind: "destination", name, to: recipientsOf(address) }
    : { kind: "destination", name, url: address };
}

/** What makes a destination of a draft that was read. */
export function toInput(
  { kind, language }: DestinationDraft,
  { name, url = "", to = [] }: Extract<ReadDestination, { kind: "destination" }>,
): DestinationInput {
  return kind === "mail" ? { kind, name, language, to } : { kind, name, language, url };
}

/** What changes a destination to a draft that was read. */
export function toChange(
  { kind, language }: DestinationDraft,
  { name, url, to }: Extract<ReadDestination, { kind: "destination" }>,
  renewSecret: boolean,
): DestinationChange {
  const said = { name, language };
  switch (kind) {
    case "mail":
      return { kind, ...said, ...(to !== undefined && { to }) };
    case "slack":
      return { kind, ...said, ...(url !== undefined && { url }) };
    case "webhook":
      return { kind, ...said, ...(url !== undefined && { url }), renewSecret };
  }
}

function problemOfName(name: string, others: readonly string[]): DestinationProblem | null {
  if (name === "") return { field: "name", reason: "empty" };
  if (name.length > NAME_CHARACTERS) return { field: "name", reason: "too-long", limit: NAME_CHARACTERS };
  const isTaken = others.some((other) => other.toLowerCase() === name.toLowerCase());
  return isTaken ? { field: "name", reason: "taken" } : null;
}

function problemOfAddress(kind: DestinationDto["kind"], address: string): DestinationProblem | null {
  if (address === "") return { field: "address", reason: "empty" };
  if (kind !== "mail") return isWebAddress(address) ? null : { field: "address", reason: "no-address" };
  const recipients = recipientsOf(address);
  if (recipients.length === 0) return { field: "address", reason: "empty" };
  if (recipients.length > MOST_RECIPIENTS)
    return { field: "address", reason: "too-many", limit: MOST_RECIPIENTS };
  const wrong = recipients.find((recipient) => !mailAddress.safeParse(recipient).success);
  return wrong === undefined ? null : { field: "address", reason: "no-mail", text: wrong };
}

function recipientsOf(address: string): string[] {
  return address.split(/[,;、\s]+/).filter((each) => each !== "");
}
