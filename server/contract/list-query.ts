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

export const limitSchema = z.coerce.number().int().min(1).max(200).default(50);
