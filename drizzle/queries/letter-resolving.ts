import type { Sql, SqlTx } from "../db.ts";
import { LETTER_STATUS } from "./dead-letters.ts";

type Part = ReturnType<Sql>;

/**
 * Lets letters be resolved, for a `with` clause: their rows of `unresolved_letters` go, and their cases count them so. By
 * their keys, as a row that was changed a moment before it was held stands in another place.
 *
 * @param letters a source of rows of that table, which the statement holds.
 */
export function resolveLetters(sql: Sql | SqlTx, letters: Part, { withDiscarded = false } = {}): Part {
  const { parked, replaying, resolved, discarded } = LETTER_STATUS;
  const isMeant = withDiscarded
    ? sql`h.status in (${parked}, ${replaying}, ${discarded})`
    : sql`h.status in (${parked}, ${replaying})`;
  return sql`resolved as (
      delete from unresolved_letters u using ${letters} h
      where u.position = h.position and u.subscription_id = h.subscription_id and ${isMeant}
    ), counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, counted_as, ${resolved}, count(*) from ${letters} h
      where counted_as <> ${resolved} and ${isMeant} group by case_id, counted_as
    )`;
}
