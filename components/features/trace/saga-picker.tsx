"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Input } from "#components/ui/input.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { SagaDto, TraceReference } from "#server/contract/sagas.ts";
import { candidateQueries, withoutReferences } from "./saga-candidates.ts";

type SagaSearchProps = {
  /** Of which type; null for any. */
  type: string | null;
  excluded: readonly TraceReference[];
  onPick: (reference: TraceReference) => void;
};

type SagaPickerProps = SagaSearchProps & { open: boolean; onOpenChange: (open: boolean) => void };

/** Asks for another saga in a window. */
export function SagaPicker({ open, onOpenChange, onPick, ...search }: SagaPickerProps) {
  const t = useTranslations("compare.picker");
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("title")}>
      <SagaSearch
        {...search}
        onPick={(reference) => {
          onOpenChange(false);
          onPick(reference);
        }}
      />
    </Dialog>
  );
}

/** Finds a saga by what people know it by; any other flow by its correlation id. */
export function SagaSearch({ type, excluded, onPick }: SagaSearchProps) {
  const t = useTranslations("compare.picker");
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const query = useQuery({
    ...candidateQueries.list({ type, state: null, text: wanted }),
    placeholderData: keepPreviousData,
  });
  const found = withoutReferences(query.data?.sagas ?? [], excluded);
  return (
    <div className="flex flex-col gap-2">
      <Input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        value={text}
        onChange={({ target }) => setText(target.value)}
        icon={<Search aria-hidden className="size-3.5" />}
      />
      <QueryNotices
        query={query}
        loading={t("loading")}
        failed={t("failed")}
        rows={3}
        onRetry={query.refetch}
      />
      <ul aria-label={t("found")} className="flex flex-col">
        {found.map((saga) => (
          <li key={saga.id}>
            <SagaChoice saga={saga} onPick={onPick} />
          </li>
        ))}
      </ul>
      {query.data !== undefined && found.length === 0 ? (
        <p className="text-ink-muted text-sm">{t("nothing")}</p>
      ) : null}
      {wanted === "" ? null : (
        <Button
          variant="ghost"
          className="justify-start"
          onClick={() => onPick({ by: "correlation-id", value: wanted, subject: null })}
        >
          <span className="truncate">{t("byCorrelation", { value: wanted })}</span>
        </Button>
      )}
    </div>
  );
}

type SagaChoiceProps = { saga: SagaDto; onPick: (reference: TraceReference) => void };

export function SagaChoice({ saga, onPick }: SagaChoiceProps) {
  const { key, reference, state, startedAt } = saga;
  return (
    <button
      type="button"
      onClick={() => onPick(reference)}
      className="flex min-h-8 w-full items-center gap-3 rounded-md px-2 py-1 text-left text-sm hover:bg-hover pointer-coarse:min-h-11"
    >
      <span className="min-w-0 flex-1 truncate font-mono">{key ?? reference.value}</span>
      <SagaStateBadge state={state} />
      <Timestamp at={startedAt} shape="relative" className="text-ink-muted text-xs" />
    </button>
  );
}
