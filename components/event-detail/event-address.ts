export const EVENT_TABS = ["payload", "metadata", "deliveries", "flow", "envelope"] as const;
export type EventTab = (typeof EVENT_TABS)[number];

/** Whether a text can be the position of an event. */
export function isPosition(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
