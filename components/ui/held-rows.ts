/**
 * A list that does not move while it is read: rows stay where they were when the list was asked for, whatever a
 * refresh says about their order. A refresh changes what stands in them; rows that came since are counted, and are
 * listed when somebody asks for it.
 */
export type HeldRows<Row> = {
  /** What was asked for; another question begins a new list. */
  question: string;
  /** In the order in which they are shown. */
  ids: readonly string[];
  rows: ReadonlyMap<string, Row>;
  /** Rows of the latest answer, by id, in its order. */
  latest: readonly string[];
  /** Pages that were listed; a further one continues the list. */
  pages: number;
  source: unknown;
};

/** Takes an answer into the list; the same list when it has it already. */
export function holdRows<Row>(
  held: HeldRows<Row> | null,
  question: string,
  answer: readonly (readonly Row[])[],
  idOf: (row: Row) => string,
): HeldRows<Row> {
  const isSame = held !== null && held.question === question;
  if (isSame && held.source === answer) return held;
  const fresh = new Map(answer.flat().map((row) => [idOf(row), row]));
  const latest = [...fresh.keys()];
  if (!isSame) return { question, ids: latest, rows: fresh, latest, pages: answer.length, source: answer };
  const known = new Set(held.ids);
  const continued = answer
    .slice(held.pages)
    .flat()
    .map(idOf)
    .filter((id) => !known.has(id));
  const ids = continued.length === 0 ? held.ids : [...held.ids, ...new Set(continued)];
  return {
    question,
    ids,
    rows: new Map([...held.rows, ...fresh]),
    latest,
    pages: Math.max(held.pages, answer.length),
    source: answer,
  };
}

/** The list with a row changed. */
export function replaceRow<Row>(held: HeldRows<Row>, id: string, change: (row: Row) => Row): HeldRows<Row> {
  const row = held.rows.get(id);
  return row === undefined ? held : { ...held, rows: new Map([...held.rows, [id, change(row)]]) };
}

/** The rows in the order of the latest answer, with those that came since. */
export function releaseRows<Row>(held: HeldRows<Row>): HeldRows<Row> {
  return { ...held, ids: held.latest };
}

/** How many rows the latest answer has that are not listed. */
export function countArrivals<Row>({ ids, latest }: HeldRows<Row>): number {
  const known = new Set(ids);
  return latest.filter((id) => !known.has(id)).length;
}

/** Rows that are listed, and are not in the latest answer any more. */
export function listLeft<Row>({ ids, latest }: HeldRows<Row>): ReadonlySet<string> {
  const present = new Set(latest);
  return new Set(ids.filter((id) => !present.has(id)));
}
