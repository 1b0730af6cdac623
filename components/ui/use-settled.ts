"use client";

import { useEffect, useState } from "react";

/** A value that is typed, once it has not changed for so long. Null keeps what was there before it. */
export function useSettled<Value>(value: Value | null, ms: number): Value | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === null || value === settled) return;
    const timer = setTimeout(() => setSettled(value), settled === null ? 0 : ms);
    return () => clearTimeout(timer);
  }, [value, settled, ms]);
  return settled;
}
