"use client";

import { Search, WrapText } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";
import { useFormat } from "./format-context.tsx";
import { IconButton } from "./icon-button.tsx";
import { formatJson } from "./json-format.ts";
import type { JsonPaneHandle } from "./json-pane.tsx";
import { SegmentedControl } from "./segmented-control.tsx";
import { Skeleton } from "./skeleton.tsx";

const JsonPane = lazy(async () => ({ default: (await import("./json-pane.tsx")).JsonPane }));

type JsonViewerProps = {
  /** The text as it was received. It is never parsed into numbers: what is shown and copied is exact. */
  text: string;
  /** What the text is: "Payload of order.placed". */
  label: string;
  /** The text was made here, so there is no form in which it was received. */
  isDerived?: boolean;
  className?: string;
};

/** JSON to read: laid out or as received, with folding, search, wrapping and copying. Fills its container. */
export function JsonViewer({ text, label, isDerived = false, className }: JsonViewerProps) {
  const t = useTranslations("json");
  const format = useFormat();
  const pane = useRef<JsonPaneHandle>(null);
  const [shape, setShape] = useState<"formatted" | "original">("formatted");
  const [wraps, setWraps] = useState(true);
  const formatted = useMemo(() => formatJson(text), [text]);
  const shown = shape === "formatted" ? formatted.text : text;

  return (
    <section aria-label={label} className={classNames("flex min-h-0 flex-1 flex-col bg-surface", className)}>
      <div className="flex shrink-0 items-center gap-1 border-line border-b px-2 py-1">
        {formatted.kind === "formatted" ? null : (
          <p className="text-ink-muted text-xs">
            {formatted.kind === "invalid" ? t("notJson") : t("tooLarge", { size: format.bytes(text.length) })}
          </p>
        )}
        {formatted.kind === "formatted" && !isDerived ? (
          <SegmentedControl
            label={t("viewer")}
            value={shape}
            onValueChange={setShape}
            options={[
              { value: "formatted", label: t("formatted") },
              { value: "original", label: t("original") },
            ]}
          />
        ) : null}
        {isDerived ? <span className="px-1 font-medium text-ink-muted text-xs">{label}</span> : null}
        <span className="flex-1" />
        <IconButton
          label={t("wrap")}
          aria-pressed={wraps}
          icon={<WrapText aria-hidden className="size-3.5" />}
          size="sm"
          onClick={() => setWraps(!wraps)}
        />
        <IconButton
          label={t("find")}
          keys="mod+f"
          icon={<Search aria-hidden className="size-3.5" />}
          size="sm"
          onClick={() => pane.current?.find()}
        />
        <CopyButton text={shown} />
      </div>
      <div className="min-h-0 flex-1">
        <Suspense fallback={<PaneSkeleton />}>
          <JsonPane ref={pane} text={shown} label={label} wraps={wraps} />
        </Suspense>
      </div>
    </section>
  );
}

function PaneSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-2 p-3">
      <Skeleton className="w-6" />
      <Skeleton className="ml-4 w-2/5" />
      <Skeleton className="ml-4 w-3/5" />
      <Skeleton className="ml-4 w-1/3" />
    </div>
  );
}
