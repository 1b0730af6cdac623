"use client";

import { useCallback, useEffect, useEffectEvent, useReducer, useRef, useState } from "react";
import type { EventFilter, EventPageDto } from "#server/contract/events.ts";
import { type LiveFrame, type LiveReset, MAX_FRAME_ROWS, type Refusal } from "#server/contract/live.ts";
import {
  addFrame,
  addReset,
  fillGap,
  type Gap,
  hold,
  type LiveList,
  release,
  startList,
} from "./live-list.ts";
import { followEvents } from "./live-subscription.ts";
import { RateWindow } from "./rate-window.ts";
import { getLiveSocket } from "./socket.ts";

type Action =
  | { kind: "frame"; frame: LiveFrame }
  | { kind: "reset"; reset: LiveReset }
  | { kind: "hold"; reason: string; isOn: boolean }
  | { kind: "fill"; gap: Gap; page: EventPageDto };

type State = { list: LiveList; holds: ReadonlySet<string> };

export type LiveEvents = State & {
  rate: RateWindow;
  /** Why the server does not send this stream; null while it does. */
  refusal: Refusal | null;
  /** Holds the list for a reason, or takes the reason away; while there is one, the list stays as it is. */
  setHold: (reason: string, isOn: boolean) => void;
  fill: (gap: Gap, page: EventPageDto) => void;
};

type LiveEventsOptions = {
  /** Another filter needs another instance: give the component a key. */
  filter: EventFilter;
  /** The newest events as the API gave them; the stream goes on where they end. */
  first: EventPageDto;
  /** Called when `first` belongs to another database than the one that is there now. */
  onStale: () => void;
};

/** A list of the newest events that match, kept up to date over lost connections. */
export function useLiveEvents({ filter, first, onStale }: LiveEventsOptions): LiveEvents {
  const [state, dispatch] = useReducer(reduce, first, (page) => ({
    list: startList(page),
    holds: new Set<string>(),
  }));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [rate] = useState(() => new RateWindow());
  const position = useRef(first.asOf.position);
  const tellStale = useEffectEvent(onStale);
  const follow = useEffectEvent(() =>
    followEvents(getLiveSocket(), {
      filter,
      after: position.current,
      maxRows: MAX_FRAME_ROWS,
      onFrame: (frame) => {
        position.current = frame.to;
        rate.add(frame, Date.now());
        dispatch({ kind: "frame", frame });
      },
      onReset: (reset) => {
        position.current = reset.position;
        dispatch({ kind: "reset", reset });
        if (reset.reason === "unknown-position") tellStale();
      },
      onAnswer: setRefusal,
    }),
  );
  useEffect(() => follow(), []);

  const setHold = useCallback(
    (reason: string, isOn: boolean) => dispatch({ kind: "hold", reason, isOn }),
    [],
  );
  const fill = useCallback((gap: Gap, page: EventPageDto) => dispatch({ kind: "fill", gap, page }), []);
  return { ...state, rate, refusal, setHold, fill };
}

function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case "frame":
      return { ...state, list: addFrame(state.list, action.frame) };
    case "reset":
      return { ...state, list: addReset(state.list, action.reset.position) };
    case "fill":
      return { ...state, list: fillGap(state.list, action.gap, action.page) };
    case "hold": {
      if (state.holds.has(action.reason) === action.isOn) return state;
      const holds = new Set(state.holds);
      if (action.isOn) holds.add(action.reason);
      else holds.delete(action.reason);
      return { holds, list: holds.size > 0 ? hold(state.list) : release(state.list) };
    }
  }
}
