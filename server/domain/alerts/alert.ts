/**
 * Where an alert stands.
 *
 * - `pending`: the condition holds, but not for as long as the rule asks.
 * - `firing`: it has held for long enough; `acknowledged`: and somebody has taken it.
 * - `flapping`: it changes so often that nobody is told of each time any more.
 * - `resolved`: it does not hold any more.
 */
export const ALERT_STATES = ["pending", "firing", "acknowledged", "flapping", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const ALERT_SEVERITIES = ["critical", "warning", "info"] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** Which steps of an alert's life people are told of. */
export const NOTICE_KINDS = ["firing", "acknowledged", "resolved", "flapping", "test"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const DESTINATION_KINDS = ["webhook", "slack", "mail"] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** What messages to a destination are written in; the first where nobody chose. */
export const NOTICE_LANGUAGES = ["en", "ja"] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

/** Where a message to a destination stands: it is tried again until it is `sent`, or given up as `failed`. */
export const NOTICE_STATUSES = ["waiting", "sent", "retrying", "failed", "muted"] as const;
export type NoticeStatus = (typeof NOTICE_STATUSES)[number];
