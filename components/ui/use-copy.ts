"use client";

import { useEffect, useRef, useState } from "react";
import { copyText } from "./copy-text.ts";

export type CopyState = "idle" | "copied" | "failed";

const FEEDBACK_MS = 1600;

/** Copies on demand and says for a moment how it went. */
export function useCopy() {
  const [state, setState] = useState<CopyState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async (text: string) => {
    const isCopied = await copyText(text);
    setState(isCopied ? "copied" : "failed");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState("idle"), FEEDBACK_MS);
  };
  return { state, copy };
}
