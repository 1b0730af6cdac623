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
  const { parked, replaying, discarded } = LETTER_STATUS;
  const isMeant: Part = withDiscarded
    ? sql`h.status in (${parked}, ${replaying}, ${discarded})`
    : sql`h.status in (${parked}, ${replaying})`;
  return sql`resolved as (
      delete from unresolved_letters u using ${letters} h
      where u.position = h.position and u.subscription_id = h.subscription_id and ${isMeant}
    ), ${countResolved(sql, letters, isMeant)}`;
}

/**
 * The same for the letters of some deliveries that nobody holds, as `letters`: it waits for whoever changes one at this
 * moment, and goes by what that one leaves. To hold rows first would take as long as to delete them. They are found in one
 * walk through the index.
 *
 * @param deliveries a source of rows with the positions, of one subscription.
 */
export function takeLetters(sql: Sql | SqlTx, deliveries: Part, subscriptionId: number): Part {
  const { parked, replaying } = LETTER_STATUS;
  return sql`letters as (
      delete from unresolved_letters u
      where u.position = any(array(select position from ${deliveries} d)) and u.subscription_id = ${subscriptionId}
        and u.status in (${parked}, ${replaying})
      returning u.position, u.case_id, u.counted_as
    ), ${countResolved(sql, sql`letters`, sql`true`)}`;
}

function countResolved(sql: Sql | SqlTx, letters: Part, isMeant: Part): Part {
  const { resolved } = LETTER_STATUS;
  return sql`counted as (
      insert into case_moves (case_id, old, new, letters)
      select case_id, counted_as, ${resolved}, count(*) from ${letters} h
      where counted_as <> ${resolved} and ${isMeant} group by case_id, counted_as
    )`;
}
