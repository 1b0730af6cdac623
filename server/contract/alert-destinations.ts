import { z } from "zod";
import {
  DESTINATION_KINDS,
  NOTICE_KINDS,
  NOTICE_LANGUAGES,
  NOTICE_STATUSES,
} from "#server/domain/alerts/alert.ts";
import { NOTICE_FAILURES } from "#server/domain/alerts/notice-failure.ts";
import { cursorSchema, idSchema, limitSchema, longIdSchema, repeated } from "./list-query.ts";

const recipients = z.array(z.email("Give an address, such as oncall@example.com.")).min(1).max(50);

/** What every destination has. */
const common = {
  name: z.string().trim().min(1).max(200),
  /** Messages are written in it: English where it is left out, and when it is changed, as before. */
  language: z.enum(NOTICE_LANGUAGES).optional(),
};

export const destinationInputSchema = z.discriminatedUnion("kind", [
  /** Standard Webhooks: signed with a secret that is shown once. The body is a CloudEvent. */
  z.strictObject({ kind: z.literal("webhook"), ...common, url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ kind: z.literal("slack"), ...common, url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ kind: z.literal("mail"), ...common, to: recipients }),
]);
export type DestinationInput = z.infer<typeof destinationInputSchema>;

/** A destination as it is to be from now on; it stays of its kind. An address that is left out stays. */
export const destinationChangeSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    ...common,
    url: z.url({ protocol: /^https?$/ }).optional(),
    /** Makes a new secret. Messages are signed with both for a day. */
    renewSecret: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal("slack"), ...common, url: z.url({ protocol: /^https?$/ }).optional() }),
  z.strictObject({ kind: z.literal("mail"), ...common, to: recipients.optional() }),
]);
export type DestinationChange = z.infer<typeof destinationChangeSchema>;

/** How a try to send a message ended. */
const tryOutcome = {
  /** HTTP or SMTP; null where nobody answered. */
  code: z.number().int().nullable(),
  /** Null where it was taken for all. */
  error: z.string().nullable(),
  /** The same in a word, and what the other side said; null where it is not known. */
  failure: z.enum(NOTICE_FAILURES).nullable(),
  detail: z.string().nullable(),
};
export type TryOutcomeDto = { [Key in keyof typeof tryOutcome]: z.infer<(typeof tryOutcome)[Key]> };

export const destinationSchema = z.object({
  id: z.number().int(),
  kind: z.enum(DESTINATION_KINDS),
  name: z.string(),
  /** Where it goes, with what is secret in it left out. */
  address: z.string(),
  language: z.enum(NOTICE_LANGUAGES),
  /** False where the server lacks what it takes, such as NAGARE_SMTP_URL. */
  isUsable: z.boolean(),
  rules: z.number().int(),
  last: z.object({ at: z.string(), status: z.enum(NOTICE_STATUSES), ...tryOutcome }).nullable(),
  updatedAt: z.string(),
});
export type DestinationDto = z.infer<typeof destinationSchema>;
export const destinationListSchema = z.object({ destinations: z.array(destinationSchema) });
/** `secret` once: of a webhook that was made, or whose secret was made anew. */
export const madeDestinationSchema = destinationSchema.extend({ secret: z.string().nullable() });
export type MadeDestinationDto = z.infer<typeof madeDestinationSchema>;

/** A message about an alert to one destination, with every try. */
export const noticeSchema = z.object({
  id: z.string(),
  alert: z.object({ id: z.string(), name: z.string() }).nullable(),
  kind: z.enum(NOTICE_KINDS),
  destination: z.object({ id: z.number().int(), name: z.string(), kind: z.enum(DESTINATION_KINDS) }),
  status: z.enum(NOTICE_STATUSES),
  createdAt: z.string(),
  nextAttemptAt: z.string().nullable(),
  attempts: z.array(
    z.object({
      at: z.string(),
      durationMs: z.number(),
      ...tryOutcome,
    }),
  ),
});
export type NoticeDto = z.infer<typeof noticeSchema>;

export const noticeFilterSchema = z.strictObject({
  alert: longIdSchema.optional(),
  destination: idSchema.optional(),
  status: repeated(z.enum(NOTICE_STATUSES)),
  after: cursorSchema.optional(),
  limit: limitSchema,
});
export type NoticeFilter = z.infer<typeof noticeFilterSchema>;
export const noticeListSchema = z.object({
  notices: z.array(noticeSchema),
  nextAfter: z.string().nullable(),
});
export type NoticeListDto = z.infer<typeof noticeListSchema>;
