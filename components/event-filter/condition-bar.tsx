"use client";

import { ListFilter, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import {
  type FilterGrammar,
  formatConditions,
  parseConditions,
  type TextCondition,
} from "#components/lib/filter-text.ts";
import { classNames } from "#components/ui/class-names.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { FilterChip } from "./filter-chip.tsx";
import { FilterInput, type UseSuggestions } from "./filter-input.tsx";

type ConditionBarProps<Field extends string> = {
  grammar: FilterGrammar<Field>;
  conditions: readonly TextCondition<Field>[];
  /** Told of all conditions that are to be in force, those that are new last. */
  onConditionsChange: (conditions: readonly TextCondition<Field>[]) => void;
  useSuggestions: UseSuggestions<Field>;
  /** What is filtered: "Filter events". */
  label: string;
  placeholder: string;
  className?: string;
};

/**
 * One text field for every condition. What was entered stands before it as chips; `/` leads into it, Backspace takes
 * the last chip back into the text.
 */
export function ConditionBar<Field extends string>(props: ConditionBarProps<Field>) {
  const { grammar, conditions, onConditionsChange, label, className } = props;
  const t = useTranslations("filter");
  const input = useRef<HTMLInputElement>(null);
  const problemsId = useId();
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<ReturnType<typeof parseConditions<Field>>["refused"]>([]);
  useShortcuts([{ keys: "/", label, group: "page", run: () => input.current?.focus() }]);

  const change = (next: string) => {
    setText(next);
    setRefused([]);
  };
  const commit = (entered: string) => {
    const parsed = parseConditions(grammar, entered);
    if (parsed.conditions.length > 0) onConditionsChange([...conditions, ...parsed.conditions]);
    setText(formatConditions(grammar, parsed.refused));
    setRefused(parsed.refused);
  };
  const remove = (condition: TextCondition<Field>) =>
    onConditionsChange(conditions.filter((each) => each !== condition));
  const edit = (condition: TextCondition<Field>) => {
    remove(condition);
    change([text.trim(), formatConditions(grammar, [condition])].filter(Boolean).join(" "));
    input.current?.focus();
  };

  return (
    <search aria-label={label} className={classNames("flex flex-col gap-1 px-2 pb-2 md:px-4", className)}>
      <div className="flex min-h-8 items-center gap-1.5 rounded-md border border-control bg-surface px-2 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent hover:border-ink-faint">
        <ListFilter aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1 py-1">
          {conditions.map((condition) => (
            <FilterChip
              key={`${condition.field}:${condition.value}`}
              field={condition.field}
              value={condition.value}
              written={formatConditions(grammar, [condition])}
              onEdit={() => edit(condition)}
              onRemove={() => remove(condition)}
            />
          ))}
          <FilterInput
            grammar={grammar}
            useSuggestions={props.useSuggestions}
            label={label}
            inputRef={input}
            text={text}
            placeholder={conditions.length === 0 ? props.placeholder : t("placeholderMore")}
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
              if (conditions.length > 0) onConditionsChange([]);
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
