import { newReplayHref } from "#components/shell/destinations.ts";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import type { ReplayOptionsDto } from "#server/contract/replays.ts";
import { DRAFT_DEFAULTS, draftOfOptions } from "./replay-draft.ts";

/**
 * The plan of a selection that goes as another replay went. How many are tried first is left to how many there are
 * now. The text of an edit stands behind the `#`: see `useEditText`.
 */
export function planHref(selection: LetterSelection, options: ReplayOptionsDto): string {
  const { canary: _, ...draft } = draftOfOptions(options);
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(draft)) {
    if (Object.entries(DRAFT_DEFAULTS).some(([known, first]) => known === name && first === value)) continue;
    params.set(name, value);
  }
  const { edit } = options;
  if (edit !== null) params.set("edit", edit.kind);
  const hash = edit === null ? "" : `#edit=${encodeURIComponent(edit.text)}`;
  return `${newReplayHref(selection)}${params.size === 0 ? "" : `&${params}`}${hash}`;
}
