import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";

/** For routes that take what other systems send: refuses it, before the body is read, where the role was left out. */
export function requireIngest({ env }: Pick<Context, "env">) {
  return async (): Promise<void> => {
    if (env.roles.includes("ingest")) return;
    throw new AppError(
      "unavailable",
      "This process takes nothing in: its NAGARE_ROLES leaves out `ingest`. Send it to a process that has that role.",
    );
  };
}
