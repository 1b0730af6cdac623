"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";

type FilterChipProps = {
  field: string;
  value: string;
  /** The condition as it would be typed. */
  written: string;
  onEdit: () => void;
  onRemove: () => void;
};

/** A condition that is in force. A click takes it back into the text field, the cross takes it away. */
export function FilterChip({ field, value, written, onEdit, onRemove }: FilterChipProps) {
  const t = useTranslations("filter");
  const text = field === "text" ? `“${value}”` : written;
  return (
    <span className="inline-flex h-5.5 max-w-full items-center rounded-sm border border-line-strong bg-accent-soft font-mono text-xs pointer-coarse:h-8">
      <button
        type="button"
        aria-label={t("edit", { condition: text })}
        onClick={onEdit}
        className="min-w-0 truncate rounded-l-sm py-0.5 pl-1.5 hover:underline"
      >
        {field === "text" ? (
          text
        ) : (
          <>
            <span className="text-ink-muted">{field}:</span>
            {value}
          </>
        )}
      </button>
      <button
        type="button"
        aria-label={t("remove", { condition: text })}
        onClick={onRemove}
        className="flex h-full shrink-0 items-center rounded-r-sm px-1 text-ink-muted hover:bg-hover hover:text-ink pointer-coarse:px-2"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  );
}
