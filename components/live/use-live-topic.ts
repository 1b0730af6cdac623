"use client";

import { useEffect, useEffectEvent } from "react";
import { foldCalls } from "./fold-calls.ts";
import { getLiveSocket } from "./socket.ts";
import { watchTopic } from "./topic-watch.ts";

const FOLD_MS = 300;

/**
 * Calls back when something under the topic may have changed: on each hint, and whenever the connection is made,
 * since hints may have been lost before. A burst becomes two calls, `foldMs` apart, and the second waits for the promise
 * that the first one gave.
 */
export function useLiveTopic(topic: string, onChange: () => unknown, foldMs = FOLD_MS): void {
  const run = useEffectEvent(onChange);
  useEffect(() => {
    const folded = foldCalls(() => run(), foldMs);
    const stop = watchTopic(getLiveSocket(), topic, folded.call);
    return () => {
      stop();
      folded.cancel();
    };
  }, [topic, foldMs]);
}
