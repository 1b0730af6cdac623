"use client";

import { lazy, Suspense } from "react";
import { classNames } from "./class-names.ts";
import { Skeleton } from "./skeleton.tsx";

const JsonPane = lazy(async () => ({ default: (await import("./json-pane.tsx")).JsonPane }));

type JsonInputProps = {
  text: string;
  onChange: (text: string) => void;
  /** The name of the field. */
  label: string;
  /** What is wrong with the text. */
  error?: string | undefined;
  /** Its height: `h-40`. */
  className: string;
};

/** A field for JSON, with lines, folding and search. Tab leaves it. */
export function JsonInput({ text, onChange, label, error, className }: JsonInputProps) {
  return (
    <div className="flex flex-col gap-1">
      <div
        className={classNames(
          "overflow-hidden rounded-md border bg-surface focus-within:border-accent",
          error === undefined ? "border-control" : "border-danger-ink",
          className,
        )}
      >
        <Suspense fallback={<Skeleton className="m-3 w-1/3" />}>
          <JsonPane text={text} label={label} wraps onChange={onChange} />
        </Suspense>
      </div>
      {error === undefined ? null : (
        <p role="alert" className="wrap-anywhere text-danger-ink text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
