import { boundedText } from "../bounded-text.ts";
import type { Lifeline, Sequence, SequenceArrow } from "./sequence.ts";

const MAX_LABEL_LENGTH = 120;

/** The diagram as Mermaid's `sequenceDiagram`. Whatever names hold, they stay labels. */
export function writeSequence({ lifelines, arrows }: Sequence): string {
  return [
    "sequenceDiagram",
    ...lifelines.map(writeLifeline),
    ...arrows.flatMap((arrow) => writeArrow(arrow).map((line) => `  ${line}`)),
    "",
  ].join("\n");
}

function writeLifeline({ kind, name }: Lifeline, index: number): string {
  const label = escapeLabel(name);
  // In brackets, as a channel is nobody who acts.
  return `  participant p${index} as ${kind === "channel" ? `#91;${label}#93;` : label}`;
}

function writeArrow(arrow: SequenceArrow): string[] {
  const { from, to, type } = arrow;
  const label = escapeLabel(type);
  if (to === null) return [`Note right of p${from}: ${label}`];
  const line = `p${from}${signOf(arrow)}p${to}: ${label}`;
  const times = Math.max(arrow.events.length, arrow.attempts);
  return times > 1 ? [`loop ${times}×`, `  ${line}`, "end"] : [line];
}

/** Dotted where something is taken back; with a cross where it is dead or was given up. */
function signOf({ status, isCompensation }: SequenceArrow): string {
  const isLost = status === "dead" || status === "discarded";
  return `${isCompensation ? "--" : "-"}${isLost ? "x" : ")"}`;
}

/**
 * As entities, which is how Mermaid takes characters that mean something to it: a colon or a semicolon ends a label, a
 * number sign begins an entity, and the word `end` closes a block.
 */
function escapeLabel(text: string): string {
  const bounded = boundedText(text, MAX_LABEL_LENGTH).trim();
  const escaped = bounded.replace(/[^\p{L}\p{N} ._/-]/gu, (character) => `#${character.codePointAt(0)};`);
  return escaped === ""
    ? "#32;"
    : escaped.replace(/\bend\b/giu, (word) => `#${word.codePointAt(0)};${word.slice(1)}`);
}
