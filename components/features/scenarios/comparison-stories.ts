import type { ComparedSystemDto, ComparisonDto } from "#server/contract/scenario-comparison.ts";

type Story = NonNullable<ComparedSystemDto["story"]>;

/** The story of that name that goes on in any of the systems; null when it is over, or was never told. */
export function storyUnderWay({ systems, to }: ComparisonDto, preset: string): Story | null {
  const told = systems.flatMap(({ story }) => (story === null ? [] : [story]));
  const isOpen = (story: Story) => story.to === null || Date.parse(story.to) > Date.parse(to);
  return told.find((story) => story.preset === preset && isOpen(story)) ?? null;
}

/** The longest time of each kind in any phase of any system: what bars are drawn against. */
export function longestTimes({ systems }: ComparisonDto): { answerMs: number; doneMs: number } {
  const figures = systems.flatMap(({ phases }) => phases.map((phase) => phase.figures));
  return {
    answerMs: Math.max(0, ...figures.map(({ answerMs }) => answerMs?.p95 ?? 0)),
    doneMs: Math.max(0, ...figures.map(({ doneMs }) => doneMs?.p95 ?? 0)),
  };
}
