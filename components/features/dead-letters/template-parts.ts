/** What stands in normalised errors for something that differs between two occurrences. */
export const PLACEHOLDERS = ["num", "id", "time", "duration", "addr", "email", "path", "str"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

export type TemplatePart = { kind: "text"; text: string } | { kind: "placeholder"; name: Placeholder };

const PATTERN = new RegExp(`<(${PLACEHOLDERS.join("|")})>`);

/** A normalised text in what all occurrences share, and the places of what differs. */
export function readTemplate(text: string): TemplatePart[] {
  // Splitting by a pattern with a group gives the groups between the texts.
  return text.split(PATTERN).flatMap((part, index): TemplatePart[] => {
    if (index % 2 === 0) return part === "" ? [] : [{ kind: "text", text: part }];
    const name = PLACEHOLDERS.find((each) => each === part);
    return name === undefined ? [] : [{ kind: "placeholder", name }];
  });
}
