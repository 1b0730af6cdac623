export const EVENT_TABS = ["payload", "metadata", "flow", "envelope"] as const;
export type EventTab = (typeof EVENT_TABS)[number];

/** Whether a text can be the position of an event. */
export function isPosition(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
