import { randomBytes } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import {
  type DestinationRow,
  deleteDestination as deleteRow,
  findDestination,
  insertDestination,
  listDestinationRows,
  updateDestination,
} from "#drizzle/queries/alert-destinations.ts";
import { abandonNotices } from "#drizzle/queries/alert-notices.ts";
import { lockAlertNames } from "#drizzle/queries/alert-rules.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import type {
  DestinationChange,
  DestinationDto,
  DestinationInput,
  MadeDestinationDto,
} from "#server/contract/alert-destinations.ts";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import { NOTICE_LANGUAGES } from "#server/domain/alerts/alert.ts";
import { formatWebhookSecret } from "#server/domain/standard-webhooks.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { type DestinationConfig, destinationConfigSchema, toDestinationDto } from "./destination-config.ts";

const MAX_DESTINATIONS = 200;
const SECRET_BYTES = 32;
/** How long messages are signed with the secret before as well. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** All destinations, by name. */
export async function listDestinations(ctx: Context): Promise<{ destinations: DestinationDto[] }> {
  const rows = await listDestinationRows(ctx.sql);
  return { destinations: rows.map((row) => toDestinationDto(row, ctx.env)) };
}

/** Makes a destination. The secret of a webhook is given this once. */
export async function createDestination(ctx: Context, input: DestinationInput): Promise<MadeDestinationDto> {
  const secret = input.kind === "webhook" ? newSecret() : null;
  const row = await ctx.sql.begin(async (tx) => {
    await checkName(tx, input.name, null);
    const at = ctx.clock.now().toISOString();
    const config = configOf(input, secret);
    const id = await insertDestination(tx, { kind: input.kind, name: input.name, config, at });
    await audit(tx, ctx, {
      action: "destination.created",
      name: input.name,
      details: { id, kind: input.kind },
    });
    return getRow(tx, id);
  });
  return { ...toDestinationDto(row, ctx.env), secret };
}

/** Changes a destination. A secret is given when it was made anew; the one before it holds for a day more. */
export async function changeDestination(
  ctx: Context,
  id: number,
  input: DestinationChange,
): Promise<MadeDestinationDto> {
  const secret = input.kind === "webhook" && input.renewSecret ? newSecret() : null;
  const row = await ctx.sql.begin(async (tx) => {
    await checkName(tx, input.name, id);
    const known = await getRow(tx, id);
    const config = changedConfig(destinationConfigSchema.parse(known.config), input, { secret, ctx });
    const at = ctx.clock.now().toISOString();
    await updateDestination(tx, id, { kind: input.kind, name: input.name, config, at });
    const details = { id, kind: input.kind, isSecretNew: secret !== null };
    await audit(tx, ctx, { action: "destination.changed", name: input.name, details });
    return getRow(tx, id);
  });
  return { ...toDestinationDto(row, ctx.env), secret };
}

/** Removes a destination that no rule sends to. What has not been sent is given up. */
export async function deleteDestination(ctx: Context, id: number): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    await lockAlertNames(tx);
    const { name, rules } = await getRow(tx, id);
    if (rules > 0) {
      const which = rules === 1 ? "1 rule sends" : `${rules} rules send`;
      throw new AppError("conflict", `${which} to ${name}. Take it out of them first.`);
    }
    await deleteRow(tx, id, ctx.clock.now().toISOString());
    await abandonNotices(tx, id);
    await audit(tx, ctx, { action: "destination.deleted", name, details: { id } });
  });
}

export function noDestination(id: number): AppError {
  return new AppError("not-found", `There is no destination ${id}. It may have been deleted.`);
}

function configOf(input: DestinationInput, secret: string | null): DestinationConfig {
  const { language = NOTICE_LANGUAGES[0] } = input;
  switch (input.kind) {
    case "webhook": {
      const secrets = [{ secret: secret ?? newSecret(), until: null }];
      return { kind: "webhook", language, url: input.url, secrets };
    }
    case "slack":
      return { kind: "slack", language, url: input.url };
    case "mail":
      return { kind: "mail", language, to: input.to };
  }
}

function changedConfig(
  known: DestinationConfig,
  input: DestinationChange,
  { secret, ctx }: { secret: string | null; ctx: Context },
): DestinationConfig {
  const { language = known.language } = input;
  if (known.kind === "webhook" && input.kind === "webhook") {
    const until = new Date(ctx.clock.now().getTime() + OLD_SECRET_MS).toISOString();
    const [newest] = known.secrets;
    const older = newest === undefined ? [] : [{ ...newest, until }];
    const secrets = secret === null ? known.secrets : [{ secret, until: null }, ...older];
    return { kind: "webhook", language, url: input.url ?? known.url, secrets };
  }
  if (known.kind === "slack" && input.kind === "slack")
    return { kind: "slack", language, url: input.url ?? known.url };
  if (known.kind === "mail" && input.kind === "mail")
    return { kind: "mail", language, to: input.to ?? known.to };
  throw new AppError(
    "invalid",
    `The destination is of kind ${known.kind}. For another kind, make a new one.`,
  );
}

function newSecret(): string {
  return formatWebhookSecret(randomBytes(SECRET_BYTES));
}

async function getRow(tx: SqlTx, id: number): Promise<DestinationRow> {
  const row = await findDestination(tx, id);
  if (row === null) throw noDestination(id);
  return row;
}

async function checkName(tx: SqlTx, name: string, id: number | null): Promise<void> {
  await lockAlertNames(tx);
  const rows = await listDestinationRows(tx);
  if (id === null && rows.length >= MAX_DESTINATIONS) {
    throw new AppError(
      "conflict",
      `There are ${MAX_DESTINATIONS} destinations. Delete one that isn't needed.`,
    );
  }
  const isTaken = rows.some((row) => row.id !== id && row.name.toLowerCase() === name.toLowerCase());
  if (isTaken) throw new AppError("conflict", `There is a destination ${name} already. Choose another name.`);
}

async function audit(
  tx: SqlTx,
  { actor }: Context,
  { action, name, details }: { action: string; name: string; details: Record<string, unknown> },
): Promise<void> {
  await insertAudit(tx, { actor, action, subject: name, details });
  await notifyTopic(tx, ALERTS_TOPIC);
}
