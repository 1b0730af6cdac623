/** Wakes loops that sleep until there is work: each ring wakes one of them, or keeps the next one from falling asleep. */
export class Bell {
  readonly #sleepers = new Set<() => void>();
  #isUnheard = false;

  ring(): void {
    const [wake] = this.#sleepers;
    if (wake) wake();
    else this.#isUnheard = true;
  }

  /** Resolves with the next ring, after `ms` at the latest, or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    const isUnheard = this.#isUnheard;
    this.#isUnheard = false;
    if (isUnheard || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener("abort", wake, { once: true });
      this.#sleepers.add(wake);
    });
  }
}
