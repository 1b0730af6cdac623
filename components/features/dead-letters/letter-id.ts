import type { LetterKey } from "#server/contract/dead-letters.ts";

/** A dead letter as one text, for rows and addresses; names of consumers have no tilde. */
export function letterId({ position, consumer }: LetterKey): string {
  return `${position}~${consumer}`;
}

/** The letter that a text names; null for a text that names none. */
export function readLetterId(text: string): LetterKey | null {
  const [, position, consumer] = /^(\d{1,18})~([a-zA-Z0-9][a-zA-Z0-9._-]{0,127})$/.exec(text) ?? [];
  return position === undefined || consumer === undefined ? null : { position, consumer };
}
