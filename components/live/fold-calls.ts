export type FoldedCalls = { call: () => void; cancel: () => void };

/** Calls at once, and for any number of calls within `ms` after that once more, at its end. */
export function foldCalls(run: () => void, ms: number): FoldedCalls {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const pause = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) start();
    }, ms);
  };
  const start = () => {
    isWanted = false;
    pause();
    run();
  };
  return {
    call: () => {
      if (timer === undefined) start();
      else isWanted = true;
    },
    cancel: () => clearTimeout(timer),
  };
}
