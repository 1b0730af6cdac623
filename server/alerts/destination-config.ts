import { z } from "zod";
import type { DestinationRow } from "#drizzle/queries/alert-destinations.ts";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import { NOTICE_LANGUAGES } from "#server/domain/alerts/alert.ts";
import type { Env } from "#server/platform/env.ts";
import { isoTime } from "../bus/subscription-dto.ts";

const language = z.enum(NOTICE_LANGUAGES).default(NOTICE_LANGUAGES[0]);

/** What a destination is reached by. Of the secrets of a webhook, the first is the newest; `until` ends the older ones. */
export const destinationConfigSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("webhook"),
    language,
    url: z.string(),
    secrets: z.array(z.object({ secret: z.string(), until: z.string().nullable() })),
  }),
  z.object({ kind: z.literal("slack"), language, url: z.string() }),
  z.object({ kind: z.literal("mail"), language, to: z.array(z.string()) }),
]);
export type DestinationConfig = z.infer<typeof destinationConfigSchema>;

/** A destination as it is shown. */
export function toDestinationDto(row: DestinationRow, env: Pick<Env, "mail">): DestinationDto {
  const config = destinationConfigSchema.parse(row.config);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    address: addressOf(config),
    language: config.language,
    isUsable: row.kind !== "mail" || env.mail !== null,
    rules: row.rules,
    last:
      row.last_at === null || row.last_status === null
        ? null
        : {
            at: isoTime(row.last_at),
            status: row.last_status,
            code: row.last_code,
            error: row.last_error,
            failure: row.last_failure,
            detail: row.last_detail,
          },
    updatedAt: isoTime(row.updated_at),
  };
}

/** Where messages go, without what is secret: whoever knows the path of a Slack webhook may write there. */
function addressOf(config: DestinationConfig): string {
  if (config.kind === "mail") return config.to.join(", ");
  const { origin, pathname, search } = new URL(config.url);
  if (config.kind === "slack") return `${origin}/…`;
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}
