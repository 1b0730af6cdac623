"use client";

import { ListFilter, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import {
  addConditions,
  type Condition,
  type EventConditions,
  listConditions,
  removeCondition,
} from "#components/lib/event-filter.ts";
import { formatFilterText, parseFilterText } from "#components/lib/event-filter-text.ts";
import { classNames } from "#components/ui/class-names.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { FilterChip } from "./filter-chip.tsx";
import { FilterInput } from "./filter-input.tsx";

type FilterBarProps = {
  filter: EventConditions;
  onFilterChange: (filter: EventConditions) => void;
  className?: string;
};

/**
 * One text field for every condition. What was entered stands before it as chips; `/` leads into it, Backspace takes
 * the last chip back into the text.
 */
export function FilterBar({ filter, onFilterChange, className }: FilterBarProps) {
  const t = useTranslations("filter");
  const input = useRef<HTMLInputElement>(null);
  const problemsId = useId();
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<ReturnType<typeof parseFilterText>["refused"]>([]);
  const conditions = listConditions(filter);
  useShortcuts([{ keys: "/", label: t("focus"), group: "page", run: () => input.current?.focus() }]);

  const change = (next: string) => {
    setText(next);
    setRefused([]);
  };
  const commit = (entered: string) => {
    const parsed = parseFilterText(entered);
    if (parsed.conditions.length > 0) onFilterChange(addConditions(filter, parsed.conditions));
    setText(formatFilterText(parsed.refused));
    setRefused(parsed.refused);
  };
  const edit = (condition: Condition) => {
    onFilterChange(removeCondition(filter, condition));
    change([text.trim(), formatFilterText([condition])].filter(Boolean).join(" "));
    input.current?.focus();
  };

  return (
    <search
      aria-label={t("label")}
      className={classNames("flex flex-col gap-1 px-2 pb-2 md:px-4", className)}
    >
      <div className="flex min-h-8 items-center gap-1.5 rounded-md border border-control bg-surface px-2 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent hover:border-ink-faint">
        <ListFilter aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1 py-1">
          {conditions.map((condition) => (
            <FilterChip
              key={`${condition.field}:${condition.value}`}
              condition={condition}
              onEdit={() => edit(condition)}
              onRemove={() => onFilterChange(removeCondition(filter, condition))}
            />
          ))}
          <FilterInput
            inputRef={input}
            text={text}
            placeholder={conditions.length === 0 ? t("placeholder") : t("placeholderMore")}
            isInvalid={refused.length > 0}
            describedBy={refused.length > 0 ? problemsId : undefined}
            onTextChange={change}
            onCommit={commit}
            onBackIntoChips={() => {
              const last = conditions.at(-1);
              if (last !== undefined) edit(last);
            }}
          />
        </div>
        {conditions.length === 0 && text === "" ? null : (
          <IconButton
            size="sm"
            label={t("clear")}
            icon={<X aria-hidden className="size-3.5" />}
            onClick={() => {
              change("");
              if (conditions.length > 0) onFilterChange({});
              input.current?.focus();
            }}
          />
        )}
      </div>
      {refused.length === 0 ? null : (
        <ul id={problemsId} role="alert" className="text-danger-ink text-xs">
          {refused.map(({ field, value, reason }) => (
            <li key={`${field}:${value}`}>{t(`refused.${reason}`, { field, value })}</li>
          ))}
        </ul>
      )}
    </search>
  );
}
