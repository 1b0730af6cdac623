"use client";

import { Filter, Fingerprint, SquareTerminal, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { stepLine } from "#components/lib/step-name.ts";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DropdownMenu, MenuCheckbox, MenuLabel } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SearchActions } from "#components/ui/search-actions.tsx";
import { Select } from "#components/ui/select.tsx";
import { SAGA_SORTS, type SagaFilter } from "#server/contract/sagas.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import type { TypeCounts } from "./list-counts.ts";
import { ANY_TIME } from "./list-range.ts";
import { type SagaView, toggleIn } from "./list-view.ts";
import { sagasCommand } from "./saga-queries.ts";

type ListControlsProps = {
  view: SagaView;
  setView: (view: SagaView) => void;
  setSearch: (text: string) => void;
  filter: SagaFilter;
  types: readonly TypeCounts[];
  refresh: () => unknown;
  onCorrelation: () => void;
};

/** What narrows and orders the list, and what else can be done with it. */
export function ListControls({
  view,
  setView,
  setSearch,
  filter,
  types,
  refresh,
  onCorrelation,
}: ListControlsProps) {
  const t = useTranslations("sagas.list");
  return (
    <>
      <SearchActions
        search={view.q}
        onSearch={setSearch}
        searchLabel={t("search")}
        onRefresh={() => void refresh()}
        refreshLabel={t("refresh")}
      />
      <StepFilter view={view} setView={setView} types={types} />
      <BasisMenu view={view} setView={setView} />
      <Select
        label={t("sort")}
        value={view.sort}
        onValueChange={(sort) => setView({ ...view, sort })}
        options={SAGA_SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
        className="w-40 max-sm:w-36"
      />
      <TimeRangePicker fallback={ANY_TIME} />
      <span className="flex">
        <IconButton
          label={t("correlation")}
          icon={<Fingerprint aria-hidden className="size-4" />}
          onClick={onCorrelation}
        />
        <CopyButton
          size="md"
          icon={SquareTerminal}
          label={t("copyCurl")}
          text={() => sagasCommand(location.origin, filter, view.sort)}
        />
      </span>
    </>
  );
}

type FilterProps = Pick<ListControlsProps, "view" | "setView">;

/** A step that the list is narrowed to, also where no saga waits for it any more. */
function StepFilter({ view, setView, types }: FilterProps & Pick<ListControlsProps, "types">) {
  const t = useTranslations("sagas.list");
  if (view.step === null) return null;
  const known = types.flatMap(({ waiting }) => waiting).find(({ step }) => step.key === view.step)?.step;
  // A step that nothing waits for any more is known by its key alone.
  const name = stepLine(known ?? { key: view.step, name: view.step });
  return (
    <Button
      size="sm"
      title={name}
      aria-label={t("removeStep", { step: name })}
      onClick={() => setView({ ...view, step: null })}
    >
      <span className="max-w-40 truncate">{t("step", { step: name })}</span>
      <X aria-hidden className="size-3" />
    </Button>
  );
}

function BasisMenu({ view, setView }: FilterProps) {
  const t = useTranslations("sagas.list");
  const bases = useTranslations("trace.bases");
  return (
    <DropdownMenu
      trigger={
        <Button
          icon={<Filter aria-hidden className="size-3.5" />}
          className={view.basis.length > 0 ? "border-accent! text-accent!" : ""}
        >
          {view.basis.length === 0 ? t("basis") : view.basis.map((basis) => bases(basis)).join(", ")}
        </Button>
      }
    >
      <MenuLabel>{t("basisHint")}</MenuLabel>
      {TRACE_BASES.map((basis) => (
        <MenuCheckbox
          key={basis}
          checked={view.basis.includes(basis)}
          onCheckedChange={() => setView({ ...view, basis: toggleIn(view.basis, basis) })}
        >
          {bases(basis)}
        </MenuCheckbox>
      ))}
    </DropdownMenu>
  );
}
