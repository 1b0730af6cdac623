/** Why a message was not taken, as far as we know it ourselves. What the other side says stands beside it. */
export const NOTICE_FAILURES = [
  /** With a status that is no success. */
  "answered",
  "timeout",
  /** Nobody was reached: name resolution, TCP, TLS. */
  "network",
  "refused-address",
  "redirected",
  "mail-refused",
  /** For some of those to whom it went. */
  "mail-refused-for",
  /** This server sends no mail. */
  "no-mail",
  "deleted",
  "not-made",
] as const;
export type NoticeFailure = (typeof NOTICE_FAILURES)[number];
