"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import type { FilterGrammar } from "#components/lib/filter-text.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { type Completion, completionAt } from "./completion.ts";

export type Suggestion = {
  id: string;
  label: string;
  /** How often the value occurs. */
  count: number | null;
  /** What the field means. */
  hint: string | null;
  text: string;
  caret: number;
  /** True when nothing more has to be typed. */
  isComplete: boolean;
};

/** A hook that says what could be chosen for the word under the caret. */
export type UseSuggestions<Field extends string> = (
  text: string,
  completion: Completion<Field>,
  isWanted: boolean,
) => readonly Suggestion[];

type FilterInputProps<Field extends string> = {
  grammar: FilterGrammar<Field>;
  useSuggestions: UseSuggestions<Field>;
  /** What the field is: "Filter events". */
  label: string;
  inputRef: RefObject<HTMLInputElement | null>;
  text: string;
  placeholder: string;
  isInvalid: boolean;
  describedBy: string | undefined;
  onTextChange: (text: string) => void;
  /** Enter, or a suggestion that completes what was typed. */
  onCommit: (text: string) => void;
  /** Backspace where nothing is left to delete. */
  onBackIntoChips: () => void;
};

/** The text field of the filter with suggestions under it: arrows choose, Enter or Tab takes, Escape closes. */
export function FilterInput<Field extends string>(props: FilterInputProps<Field>) {
  const { grammar, inputRef, text, onTextChange, onCommit, useSuggestions } = props;
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(-1);
  const suggestions = useSuggestions(text, completionAt(grammar, text, Math.min(caret, text.length)), isOpen);
  const active = suggestions[chosen];

  const moveTo = (next: string, nextCaret: number) => {
    onTextChange(next);
    setCaret(nextCaret);
    setChosen(-1);
    // After React has written the text.
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(nextCaret, nextCaret));
  };
  const take = (suggestion: Suggestion) => {
    if (!suggestion.isComplete) return moveTo(suggestion.text, suggestion.caret);
    setChosen(-1);
    onCommit(suggestion.text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setIsOpen(true);
      setChosen(stepThrough(chosen, step, suggestions.length));
    } else if (event.key === "Enter" || (event.key === "Tab" && active !== undefined)) {
      event.preventDefault();
      if (active !== undefined) return take(active);
      onCommit(text);
      setIsOpen(false);
    } else if (event.key === "Escape") {
      if (isOpen && suggestions.length > 0) setIsOpen(false);
      else if (text !== "") moveTo("", 0);
      else event.currentTarget.blur();
    } else if (event.key === "Backspace" && text === "") {
      event.preventDefault();
      props.onBackIntoChips();
    }
  };

  return (
    <div className="relative min-w-40 flex-1">
      <input
        ref={inputRef}
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-expanded={suggestions.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : `${listId}-${chosen}`}
        aria-invalid={props.isInvalid || undefined}
        aria-describedby={props.describedBy}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        placeholder={props.placeholder}
        value={text}
        onChange={(event) => {
          onTextChange(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setChosen(-1);
          setIsOpen(true);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setIsOpen(true)}
        onBlur={() => {
          setIsOpen(false);
          setChosen(-1);
        }}
        onKeyDown={onKeyDown}
        className="h-6 w-full min-w-0 bg-transparent font-mono text-xs outline-none placeholder:font-sans placeholder:text-ink-faint pointer-coarse:h-9 pointer-coarse:text-lg"
      />
      <SuggestionList id={listId} suggestions={suggestions} chosen={chosen} onTake={take} />
    </div>
  );
}

/** Up from the first suggestion leads back to the text, and on to the last one. */
function stepThrough(chosen: number, step: number, count: number): number {
  const next = chosen + step;
  if (next < -1) return count - 1;
  return next >= count ? -1 : next;
}

type SuggestionListProps = {
  id: string;
  suggestions: readonly Suggestion[];
  chosen: number;
  onTake: (suggestion: Suggestion) => void;
};

function SuggestionList({ id, suggestions, chosen, onTake }: SuggestionListProps) {
  const t = useTranslations("filter");
  const format = useFormat();
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("suggestions")}
      hidden={suggestions.length === 0}
      className="absolute top-full left-0 z-40 mt-1.5 max-h-80 w-max min-w-64 max-w-[min(40rem,80vw)] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-raised"
    >
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keys
        <div
          key={suggestion.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          // The text field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
          className={classNames(
            "flex h-7 cursor-pointer items-center gap-4 rounded-md px-2 pointer-coarse:h-10",
            index === chosen ? "bg-selected" : "hover:bg-hover",
          )}
        >
          <span className="min-w-0 flex-1 truncate font-mono text-xs">{suggestion.label}</span>
          {suggestion.hint === null ? null : (
            <span className="shrink-0 text-ink-muted text-xs">{suggestion.hint}</span>
          )}
          {suggestion.count === null ? null : (
            <span className="shrink-0 text-ink-muted text-xs">
              {t("count", { count: format.number(suggestion.count) })}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}
