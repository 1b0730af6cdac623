"use client";

import { createContext, type ReactNode, use, useMemo, useSyncExternalStore } from "react";

/** A moment as milliseconds since 1970 or as an RFC 3339 text. */
export type Moment = number | string;

/** How times and quantities are written for this person: their language and the time zone they chose. */
export type Format = {
  timeZone: string;
  /** `1,234,567` */
  number: (value: number) => string;
  /** `1.2M` */
  compact: (value: number) => string;
  /** A rate, to be read beside others: two decimals below 10, one below 100: `0.10`, `12.3`, `1,235`. */
  rate: (value: number) => string;
  /** From a ratio: 0.123 is `12.3%`. */
  percent: (ratio: number) => string;
  /** `1.2 KiB` */
  bytes: (bytes: number) => string;
  /** From milliseconds: `850 µs`, `12 ms`, `3 min 4 s`. */
  duration: (ms: number) => string;
  /** `14:03:09` */
  clock: (at: Moment) => string;
  /** `14:03:09.123` */
  time: (at: Moment) => string;
  /** `2026-01-31` */
  date: (at: Moment) => string;
  /** `2026-01-31 14:03` */
  minute: (at: Moment) => string;
  /** `2026-01-31 14:03:09` */
  second: (at: Moment) => string;
  /** `2026-01-31 14:03:09.123 +09:00` */
  dateTime: (at: Moment) => string;
  /** `3 min ago` */
  relative: (at: Moment, now: number) => string;
};

type Formats = {
  /** As the server wrote the page. */
  served: Format;
  /** As this browser writes. */
  own: Format;
};

const FormatsContext = createContext<Formats | null>(null);

export function FormatProvider({ served, own, children }: Formats & { children: ReactNode }) {
  const formats = useMemo(() => ({ served, own }), [served, own]);
  return <FormatsContext value={formats}>{children}</FormatsContext>;
}

/**
 * How to write for this person. Parts of a page are taken over from the server one after the other, some long after the
 * first: each begins with what the server wrote, and changes to the browser's own way for itself. One switch above all
 * of them would change parts that still stand as the server wrote them, and React would throw those away.
 */
export function useFormat(): Format {
  const formats = use(FormatsContext);
  if (formats === null) throw new Error("useFormat needs a FormatProvider above it.");
  return useSyncExternalStore(
    subscribeToNothing,
    () => formats.own,
    () => formats.served,
  );
}

const subscribeToNothing = () => () => {};
