import { describe, expect, test } from "vitest";
import { countArrivals, holdRows, listLeft, releaseRows, replaceRow } from "./held-rows.ts";

type Row = { id: string; count: number };
const row = (id: string, count = 1): Row => ({ id, count });
const idOf = ({ id }: Row) => id;
const shown = (held: ReturnType<typeof holdRows<Row>>) =>
  held.ids.map((id) => `${id}${held.rows.get(id)?.count}`).join(" ");

describe("A list that is read", () => {
  const first = [[row("a"), row("b")]];
  const held = holdRows(null, "open", first, idOf);

  test("keeps its order and changes figures when it is refreshed", () => {
    const next = holdRows(held, "open", [[row("b", 9), row("new"), row("a", 2)]], idOf);
    expect(shown(next)).toBe("a2 b9");
    expect(countArrivals(next)).toBe(1);
    expect(shown(releaseRows(next))).toBe("b9 new1 a2");
    expect(countArrivals(releaseRows(next))).toBe(0);
  });

  test("keeps rows that the answer lacks, and knows them", () => {
    const next = holdRows(held, "open", [[row("b", 3)]], idOf);
    expect(shown(next)).toBe("a1 b3");
    expect([...listLeft(next)]).toEqual(["a"]);
    expect(shown(releaseRows(next))).toBe("b3");
  });

  test("goes on with a further page, without what it has already", () => {
    const next = holdRows(
      held,
      "open",
      [
        [row("a", 5), row("b")],
        [row("b"), row("c")],
      ],
      idOf,
    );
    expect(shown(next)).toBe("a5 b1 c1");
    expect(countArrivals(next)).toBe(0);
  });

  test("begins anew with another question", () => {
    expect(shown(holdRows(held, "muted", [[row("m")]], idOf))).toBe("m1");
  });

  test("is the same list while the answer is the same", () => {
    expect(holdRows(held, "open", first, idOf)).toBe(held);
  });

  test("takes a change of one row, and of no row that it lacks", () => {
    expect(shown(replaceRow(held, "b", ({ id }) => row(id, 7)))).toBe("a1 b7");
    expect(replaceRow(held, "x", ({ id }) => row(id, 7))).toBe(held);
  });
});
