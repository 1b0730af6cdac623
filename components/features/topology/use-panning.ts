"use client";

import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import { useStoreApi } from "reactflow";

/** Zoomed further out than this, no word in a box can be read. */
const FAR_ZOOM = 0.4;

/**
 * Notes on the box of a picture, as attributes and without rendering anything: `data-dragged` while a pointer drags it,
 * `data-far` while words are too small to be read, `data-sharpening` for a moment after zooming, in which boxes are
 * drawn as sharp as the screen is.
 */
export function usePanning(box: RefObject<HTMLElement | null>, onMoving: (isMoving: boolean) => void) {
  const store = useStoreApi();
  const isMoving = useRef(false);
  const sharpZoom = useRef<number | null>(null);
  useEffect(() => {
    const follow = () => box.current?.toggleAttribute("data-far", store.getState().transform[2] < FAR_ZOOM);
    follow();
    return store.subscribe(follow);
  }, [store, box]);
  const letGo = useEffectEvent(() => onMoving(false));
  useEffect(() => () => letGo(), []);
  const sharpen = () => {
    const zoom = store.getState().transform[2];
    if (zoom === sharpZoom.current) return;
    sharpZoom.current = zoom;
    box.current?.toggleAttribute("data-sharpening", true);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => box.current?.toggleAttribute("data-sharpening", false)),
    );
  };
  const note = (moves: boolean) => {
    if (isMoving.current === moves) return;
    isMoving.current = moves;
    onMoving(moves);
  };
  const drag = () => {
    if (box.current === null || box.current.hasAttribute("data-dragged")) return;
    box.current.toggleAttribute("data-dragged", true);
    // At once, and not with the end of the move: the next press may come before that is told.
    const release = () => box.current?.toggleAttribute("data-dragged", false);
    window.addEventListener("pointerup", release, { once: true, capture: true });
    window.addEventListener("pointercancel", release, { once: true, capture: true });
  };
  return {
    isMoving: () => isMoving.current,
    onMove: (event: MouseEvent | TouchEvent | null) => {
      // Not when the page moves it by itself: nobody's hand is on it then.
      if (event === null) return;
      note(true);
      if (event.type === "mousemove") drag();
    },
    onMoveEnd: () => {
      note(false);
      sharpen();
    },
  };
}
