import type { OutgoingHttpHeaders } from "node:http";

export type Answer = { status: number; headers: OutgoingHttpHeaders; body: Buffer };

/** A page asks within this time of being asked for, or not at all. */
const KEPT_MS = 5_000;
/** Each may be large. */
const MOST = 8;

/**
 * Answers of the API that are begun when a page is asked for: by the time its code asks, they are there, or under way.
 * Each is given once, as the next one may have changed.
 */
export class AnswersAhead {
  readonly #ask: (path: string) => Promise<Answer>;
  readonly #begun = new Map<string, { answer: Promise<Answer>; timer: NodeJS.Timeout }>();

  constructor(ask: (path: string) => Promise<Answer>) {
    this.#ask = ask;
  }

  begin(path: string): void {
    if (this.#begun.has(path) || this.#begun.size >= MOST) return;
    const answer = this.#ask(path);
    answer.catch(() => {});
    const timer = setTimeout(() => this.#begun.delete(path), KEPT_MS).unref();
    this.#begun.set(path, { answer, timer });
  }

  /** What was begun for the path; null where nothing was. */
  take(path: string): Promise<Answer> | null {
    const begun = this.#begun.get(path);
    if (begun === undefined) return null;
    clearTimeout(begun.timer);
    this.#begun.delete(path);
    return begun.answer;
  }
}
