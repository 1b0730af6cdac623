/** A change to what goes wrong in a system, as it was written down. Times in milliseconds since 1970. */
export type FaultChange = { at: number } & (
  | { kind: "injected"; service: string; preset: string | null; endsAt: number | null }
  | { kind: "removed"; service: string }
  /** The system was switched off, which ends all that goes wrong in it. */
  | { kind: "stopped" }
);

/** How long something went wrong; `to` is null while its end is not known. */
export type Story = { service: string; preset: string | null; from: number; to: number | null };

/** A part of a window: up to the last story, while it goes on, or after it. `whole` where nothing went wrong. */
export type Phase = {
  kind: "whole" | "before" | "during" | "after";
  /** Exclusive at its end. */
  from: number;
  to: number;
};

/** @param changes in the order in which they happened */
export function storiesOf(changes: readonly FaultChange[]): Story[] {
  const stories: Story[] = [];
  for (const change of changes) {
    for (const story of stories) {
      const ends = change.kind === "stopped" || change.service === story.service;
      if (ends && (story.to === null || story.to > change.at)) story.to = change.at;
    }
    if (change.kind !== "injected") continue;
    const { service, preset, at, endsAt } = change;
    stories.push({ service, preset, from: at, to: endsAt });
  }
  return stories;
}

/**
 * Cuts a window at the last story in it. What lies before begins where an earlier story ends, so that it holds orders of
 * good times only.
 */
export function phasesOf(
  window: { from: number; to: number },
  stories: readonly Story[],
): { story: Story | null; phases: Phase[] } {
  const told = stories
    .filter(({ from, to }) => from < window.to && (to ?? window.to) > window.from)
    .toSorted((a, b) => a.from - b.from);
  const story = told.at(-1);
  if (story === undefined) return { story: null, phases: [{ kind: "whole", ...window }] };
  const earlier = told.slice(0, -1).map(({ to }) => to ?? window.to);
  const begin = Math.min(story.from, Math.max(window.from, ...earlier));
  const end = Math.min(story.to ?? window.to, window.to);
  const phases: Phase[] = [
    { kind: "before", from: begin, to: story.from },
    { kind: "during", from: Math.max(story.from, window.from), to: end },
    { kind: "after", from: end, to: window.to },
  ];
  return { story, phases: phases.filter(({ from, to }) => from < to) };
}
