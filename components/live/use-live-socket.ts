"use client";

import { useEffect } from "react";
import { getLiveSocket } from "./socket.ts";

/** Connects the tab, so that every page can say how fresh the server is. */
export function useLiveSocket(): void {
  useEffect(() => void getLiveSocket(), []);
}
