import type { z } from "zod";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import {
  type CorrelationPathRow,
  deleteCorrelationPath,
  insertCorrelationPath,
  listCorrelationPaths,
  lockCorrelationPaths,
} from "#drizzle/queries/correlation-paths.ts";
import type { CorrelationPathDto, correlationPathInputSchema } from "#server/contract/sagas.ts";
import { parsePayloadPath } from "#server/domain/sagas/correlate.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "../bus/subscription-dto.ts";

type PathCtx = Pick<Context, "sql" | "actor">;

/** Each is looked at for every event that has neither a correlation id nor a trace. */
const MAX_PATHS = 100;

/** Where payloads say which flow an event belongs to, in the order in which they are asked. */
export async function listPaths({ sql }: Pick<Context, "sql">): Promise<{ paths: CorrelationPathDto[] }> {
  return { paths: (await listCorrelationPaths(sql)).map(toDto) };
}

/**
 * Adds a path behind all others, for events that are recorded from now on. Throws `invalid` for what is none, and
 * `conflict` where it is there.
 */
export async function createPath(
  { sql, actor }: PathCtx,
  input: z.infer<typeof correlationPathInputSchema>,
): Promise<CorrelationPathDto> {
  checkInput(input);
  return sql.begin(async (tx) => {
    await lockCorrelationPaths(tx);
    if ((await listCorrelationPaths(tx)).length >= MAX_PATHS) {
      throw new AppError("conflict", `There are ${MAX_PATHS} paths. Delete one that isn't needed any more.`);
    }
    const row = await insertCorrelationPath(tx, input);
    if (row === null) {
      throw new AppError(
        "conflict",
        `${JSON.stringify(input.path)} is a path for events of type ${JSON.stringify(input.type)} already.`,
      );
    }
    await audit(tx, actor, "correlation-path.created", row);
    return toDto(row);
  });
}

/** Removes a path. Events that were taken into a flow by it stay there. Throws `not-found`. */
export async function deletePath({ sql, actor }: PathCtx, id: number): Promise<void> {
  await sql.begin(async (tx) => {
    const row = await deleteCorrelationPath(tx, id);
    if (row === null) throw new AppError("not-found", `There is no correlation path ${id}.`);
    await audit(tx, actor, "correlation-path.deleted", row);
  });
}

function checkInput({ type, path }: z.infer<typeof correlationPathInputSchema>): void {
  if (parsePayloadPath(path) === null) {
    throw new AppError(
      "invalid",
      `${JSON.stringify(path)} is no path into a payload. Begin with \`data\` and name members, such as data.order_id.`,
    );
  }
  if (type.trim() !== type) {
    throw new AppError(
      "invalid",
      `No type of event begins or ends with a blank: ${JSON.stringify(type)}. Give a type, or a glob such as order.*.`,
    );
  }
}

function audit(
  tx: Parameters<typeof insertAudit>[0],
  actor: string,
  action: string,
  { id, type, path }: CorrelationPathRow,
): Promise<void> {
  return insertAudit(tx, { actor, action, subject: path, details: { id, type, path } });
}

function toDto({ id, type, path, created_at }: CorrelationPathRow): CorrelationPathDto {
  return { id, type, path, createdAt: isoTime(created_at) };
}
