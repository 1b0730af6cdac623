import { z } from "zod";

/** In a query string, what may be repeated, meaning "or", may also stand once. */
export function repeated<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(item).max(20).optional(),
  );
}

/** Where a list goes on: what the answer before called `nextAfter`. */
export const cursorSchema = z.string().regex(/^\d{1,18}$/, "Give what nextAfter said, such as 412.");

/** The id of a row of a table that has more of them than a number tells exactly. */
export const longIdSchema = z.string().regex(/^\d{1,18}$/, "Give its id, such as 412.");

/** The id of a row of a table that has fewer; also from a query string or a path. */
export const MAX_ID = 2_147_483_647;
export const idSchema = z.coerce.number().int().positive().max(MAX_ID);

export const limitSchema = z.coerce.number().int().min(1).max(200).default(50);
