import type { Trace } from "./trace.ts";

export type Variant = { id: string; stages: string[][] };

/** Stages beyond that are one variant with what went before them. */
const MOST_STAGES = 64;

/**
 * The way that a flow took through its steps: a step stands one stage behind the one whose answer led to it, and what
 * runs side by side is in no order. So two flows that differ in nothing but which of two parallel steps was faster are
 * one variant. Equal steps that follow each other directly are folded into one.
 */
export function variantOf({ steps }: Pick<Trace, "steps">): Variant {
  const levels: number[] = [];
  const stages = Array.from({ length: MOST_STAGES }, (): string[] => []);
  for (const { key, state, after } of steps) {
    // Steps stand in the order in which they began, so the one before has its stage.
    const before = after === null ? undefined : levels[after];
    const level = before === undefined ? 0 : before + 1;
    levels.push(level);
    if (state === "planned") continue;
    stages[level]?.push(key);
  }
  const sorted = stages.filter((stage) => stage.length > 0).map((stage) => [...new Set(stage)].sort());
  const folded = sorted.filter((stage, index) => stage.join("\n") !== sorted[index - 1]?.join("\n"));
  return { id: JSON.stringify(folded), stages: folded };
}
