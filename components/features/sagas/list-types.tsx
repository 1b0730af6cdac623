"use client";

import { Waypoints } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { serviceName } from "#components/lib/step-name.ts";
import { sagaTypeHref } from "#components/shell/destinations.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { readFlowTypeId } from "#server/domain/topology/flow-key.ts";
import { type TypeCounts, totalsOf } from "./list-counts.ts";
import { ListSteps } from "./list-steps.tsx";
import type { SagaView } from "./list-view.ts";
import { useHeldCounts } from "./use-held-counts.ts";

/** What a person on call takes in at a glance; a phone has room for less. */
const FEW = 3;

type ListTypesProps = {
  types: readonly TypeCounts[];
  view: SagaView;
  onViewChange: (view: SagaView) => void;
};

/** Each type with what its sagas wait for. A click narrows the list to it; the map of a type is one click away. */
export function ListTypes({ types, view, onViewChange }: ListTypesProps) {
  const t = useTranslations("sagas.list");
  const [showsAll, setShowsAll] = useState(false);
  const { ordered, holding } = useHeldCounts(types, view.type);
  const shown = showsAll ? ordered : ordered.slice(0, FEW);
  const byName = Map.groupBy(types, ({ name }) => name);
  if (types.length === 0) return null;
  return (
    <div {...holding} className="max-h-[40vh] overflow-y-auto border-line border-t py-1">
      <ul aria-label={t("byType")}>
        {shown.map((type) => (
          <TypeItem
            key={type.type}
            type={type}
            starter={byName.get(type.name)?.length === 1 ? null : starterOf(type.type)}
            view={view}
            onViewChange={onViewChange}
          />
        ))}
      </ul>
      {ordered.length <= FEW ? null : (
        <Button
          size="sm"
          variant="ghost"
          className="mx-1 md:mx-3"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? t("fewerTypes") : t("allTypes", { count: ordered.length })}
        </Button>
      )}
    </div>
  );
}

/** The service that begins the sagas of a type; null for a declared process. */
function starterOf(type: string): string | null {
  const read = readFlowTypeId(type);
  return read === null ? null : serviceName(read.startedBy);
}

type TypeItemProps = Omit<ListTypesProps, "types"> & {
  type: TypeCounts;
  /** Told where types of several services have the same name. */
  starter: string | null;
};

function TypeItem({ type: { type, name, states, waiting }, starter, view, onViewChange }: TypeItemProps) {
  const t = useTranslations("sagas.list");
  const format = useFormat();
  const isChosen = view.type.includes(type);
  const { all } = totalsOf(states);
  return (
    <li className="flex min-w-0 items-start gap-1.5 px-2 py-0.5 text-xs md:px-4">
      <button
        type="button"
        title={starter === null ? name : `${name} ${starter}`}
        aria-pressed={isChosen}
        onClick={() => onViewChange({ ...view, type: isChosen ? [] : [type], step: null })}
        className={classNames(
          "flex h-6 min-w-0 shrink-0 items-center gap-1.5 rounded-sm px-1 font-medium hover:bg-hover pointer-coarse:h-9",
          "max-w-80 aria-pressed:bg-selected aria-pressed:text-accent max-sm:max-w-36",
        )}
      >
        <span className="truncate">
          {name}
          {starter === null ? null : <span className="ml-1.5 font-normal text-ink-muted">{starter}</span>}
        </span>
        <span className="font-normal text-ink-faint tabular-nums">{format.compact(all)}</span>
      </button>
      <Link
        href={sagaTypeHref(type)}
        prefetch={false}
        className="inline-flex h-6 shrink-0 items-center gap-1 rounded-sm px-1 text-accent hover:underline pointer-coarse:h-9"
      >
        <Waypoints aria-hidden className="size-3.5" />
        {t("map")}
        <span className="sr-only">{name}</span>
      </Link>
      <ListSteps type={type} waiting={waiting} view={view} onViewChange={onViewChange} />
    </li>
  );
}
