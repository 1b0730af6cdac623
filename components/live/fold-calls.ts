export type FoldedCalls = { call: () => void; cancel: () => void };

/** What takes longer is not waited for: it may never end. */
const PATIENCE_MS = 10_000;

/**
 * Calls at once, and for any number of calls within `ms` after that once more, at its end. Where `run` gives a promise,
 * the next call waits for that, too: asking anew gives up what is under way, and a slow server would never be heard.
 */
export function foldCalls(run: () => unknown, ms: number): FoldedCalls {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  let isCancelled = false;
  const goOn = () => {
    if (pause === undefined && patience === undefined && isWanted && !isCancelled) start();
  };
  const start = () => {
    isWanted = false;
    pause = setTimeout(() => {
      pause = undefined;
      goOn();
    }, ms);
    const work = run();
    if (!(work instanceof Promise)) return;
    const own = setTimeout(() => end(), PATIENCE_MS);
    patience = own;
    const end = () => {
      // A call that was given up may end while a later one is under way.
      if (patience !== own) return;
      clearTimeout(own);
      patience = undefined;
      goOn();
    };
    work.then(end, end);
  };
  return {
    call: () => {
      isWanted = true;
      goOn();
    },
    cancel: () => {
      isCancelled = true;
      clearTimeout(pause);
      clearTimeout(patience);
    },
  };
}
