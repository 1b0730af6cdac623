import { createTransport } from "nodemailer";
import type { NoticeFailure } from "#server/domain/alerts/notice-failure.ts";
import {
  cloudEventOf,
  mailOf,
  type NoticeMessage,
  type NoticeOrigin,
  slackMessageOf,
} from "#server/domain/alerts/notice-message.ts";
import { boundedText } from "#server/domain/bounded-text.ts";
import { type ErrorRecord, errorText } from "#server/domain/error-record.ts";
import { signWebhook, webhookIdOf } from "#server/domain/standard-webhooks.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { Env } from "#server/platform/env.ts";
import { messageOf } from "#server/platform/errors.ts";
import { createGuardedPost, type GuardedPost } from "../bus/guarded-post.ts";
import { type DestinationConfig, destinationConfigSchema } from "./destination-config.ts";

export const SEND_TIMEOUT_MS = 10_000;
const MAX_ERROR = 500;

/**
 * How a try to send a message ended. `code` is of HTTP or SMTP; `failure` says the same as `error`, for those who read it in
 * another language, and `detail` what the other side said.
 */
export type SendOutcome = { code: number | null; failure: NoticeFailure | null; detail: string | null } & (
  | { kind: "sent" /** Where it was not taken for all to whom it went. */; error: string | null }
  | { kind: "failed"; error: string; retryable: boolean; retryAfterMs: number }
);

export type Sending = {
  noticeId: string;
  message: NoticeMessage;
  config: unknown;
};

/** Sends a message once. Never throws for what the other side does. */
export type SendNotice = (sending: Sending) => Promise<SendOutcome>;

/** Makes the way to destinations. What is sent for one notice is the same at every try, but for the signature. */
export function createSendNotice(
  env: Pick<Env, "allowedTargets" | "mail" | "publicUrl">,
  { clock }: { clock: Clock },
): SendNotice {
  const post = createGuardedPost(env, { clock, who: "destination" });
  const mailer = env.mail === null ? null : createMailer(env.mail.smtpUrl);
  return async ({ noticeId, message, config }) => {
    const parsed = destinationConfigSchema.safeParse(config);
    if (!parsed.success) return failed("deleted", "The destination was deleted.", { retryable: false });
    const origin = { noticeId, publicUrl: env.publicUrl, language: parsed.data.language };
    switch (parsed.data.kind) {
      case "webhook":
        return sendWebhook(post, parsed.data, { message, origin, clock });
      case "slack":
        return sendSlack(post, parsed.data, { message, origin });
      case "mail":
        if (mailer === null || env.mail === null) {
          return failed("no-mail", "This server sends no mail. Set NAGARE_SMTP_URL and NAGARE_MAIL_FROM.", {
            retryable: true,
          });
        }
        return sendMail(mailer, { from: env.mail.from, to: parsed.data.to }, { message, origin });
    }
  };
}

type Mailer = ReturnType<typeof createMailer>;
type Said = { message: NoticeMessage; origin: NoticeOrigin };

async function sendWebhook(
  post: GuardedPost,
  { url, secrets }: Extract<DestinationConfig, { kind: "webhook" }>,
  { message, origin, clock }: Said & { clock: Clock },
): Promise<SendOutcome> {
  const event = cloudEventOf(message, origin);
  const body = Buffer.from(JSON.stringify(event));
  const now = clock.now();
  const valid = secrets.filter(({ until }) => until === null || Date.parse(until) > now.getTime());
  const signed = {
    id: webhookIdOf(`${origin.publicUrl}/alerts`, origin.noticeId),
    timestampS: Math.floor(now.getTime() / 1_000),
    body,
  };
  const signature = signWebhook(
    signed,
    valid.map(({ secret }) => secret),
  );
  const headers = { "content-type": "application/cloudevents+json; charset=utf-8", ...signature };
  return postTo(post, url, { headers, body });
}

async function sendSlack(
  post: GuardedPost,
  { url }: { url: string },
  { message, origin }: Said,
): Promise<SendOutcome> {
  const body = Buffer.from(JSON.stringify(slackMessageOf(message, origin)));
  return postTo(post, url, { headers: { "content-type": "application/json; charset=utf-8" }, body });
}

async function postTo(
  post: GuardedPost,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: Uint8Array },
): Promise<SendOutcome> {
  const outcome = await post(url, {
    message: { headers: { ...headers, "user-agent": "nagare" }, body },
    timeoutMs: SEND_TIMEOUT_MS,
  });
  if (outcome.kind === "succeeded") {
    return { kind: "sent", code: outcome.status, error: null, failure: null, detail: null };
  }
  const { error, retryable, retryAfterMs } = outcome;
  const { failure, detail } = failureOf(error);
  return failed(failure, errorText(error), { code: error.status ?? null, detail, retryable, retryAfterMs });
}

function failureOf({ kind, name, code, message, bodyExcerpt }: ErrorRecord): {
  failure: NoticeFailure;
  detail: string | null;
} {
  if (kind === "http") return { failure: "answered", detail: bodyExcerpt ?? null };
  if (kind === "timeout" || kind === "refused-address") return { failure: kind, detail: null };
  if (name === "RedirectError") return { failure: "redirected", detail: null };
  return { failure: "network", detail: code ?? message };
}

async function sendMail(
  mailer: Mailer,
  { from, to }: { from: string; to: string[] },
  { message, origin }: Said,
): Promise<SendOutcome> {
  const host = new URL(origin.publicUrl).hostname;
  const thread = message.kind === "test" ? null : `<alert-${message.alert.id}@${host}>`;
  try {
    const { response, rejected } = await mailer.sendMail({
      from,
      to,
      ...mailOf(message, origin),
      messageId: `<notice-${origin.noticeId}@${host}>`,
      ...(thread === null ? {} : { references: thread, inReplyTo: thread }),
      headers: { "Auto-Submitted": "auto-generated" },
    });
    const code = Number.parseInt(response, 10) || null;
    if (rejected.length === 0) return { kind: "sent", code, error: null, failure: null, detail: null };
    const detail = rejected.join(", ");
    const error = `The mail server did not take it for ${detail}.`;
    return { kind: "sent", code, error, failure: "mail-refused-for", detail };
  } catch (thrown) {
    const code = responseCodeOf(thrown);
    // 5xx is for good, but for the login: that is mended in the settings of this server.
    const isFinal = code !== null && code >= 500 && ![530, 534, 535, 538].includes(code);
    const detail = messageOf(thrown);
    return failed("mail-refused", `The mail server did not take it: ${detail}`, {
      code,
      detail,
      retryable: !isFinal,
    });
  }
}

function createMailer(smtpUrl: string) {
  return createTransport({
    url: smtpUrl,
    connectionTimeout: SEND_TIMEOUT_MS,
    greetingTimeout: SEND_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
    dnsTimeout: SEND_TIMEOUT_MS,
  });
}

function responseCodeOf(thrown: unknown): number | null {
  if (typeof thrown !== "object" || thrown === null || !("responseCode" in thrown)) return null;
  return typeof thrown.responseCode === "number" ? thrown.responseCode : null;
}

function failed(
  failure: NoticeFailure,
  error: string,
  {
    code = null,
    detail = null,
    retryable,
    retryAfterMs = 0,
  }: { code?: number | null; detail?: string | null; retryable: boolean; retryAfterMs?: number },
): SendOutcome {
  const said = detail === null ? null : boundedText(detail, MAX_ERROR);
  const told = { code, error: boundedText(error, MAX_ERROR), failure, detail: said };
  return { kind: "failed", ...told, retryable, retryAfterMs };
}
