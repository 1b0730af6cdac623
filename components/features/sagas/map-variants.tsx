"use client";

import { useTranslations } from "next-intl";
import { Fragment, useState } from "react";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { stepLine } from "#components/lib/step-name.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProcessMapDto } from "#server/contract/sagas.ts";
import { SAGA_STATES } from "#server/domain/sagas/saga.ts";
import { type MapVariantDto, variantId } from "./map-graph.ts";
import { useDurationWords } from "./use-step-figures.ts";

/** Most flows take one of these; the others are there when they are asked for. */
const FEW = 12;

type MapVariantsProps = {
  map: ProcessMapDto;
  selected: string | null;
  onSelect: (id: string | null) => void;
};

/** The ways that flows took, the most frequent first. The one that is chosen is lit in the map. */
export function MapVariants({ map, selected, onSelect }: MapVariantsProps) {
  const t = useTranslations("sagas.variants");
  const [showsAll, setShowsAll] = useState(false);
  const { variants, otherFlows } = map;
  const shown = showsAll ? variants : variants.slice(0, FEW);
  const names = new Map(map.steps.map((step) => [step.key, stepLine(step)]));
  return (
    <section
      aria-labelledby="saga-variants"
      className="flex min-w-0 flex-col border-line bg-surface max-lg:border-t lg:w-96 lg:shrink-0 lg:overflow-y-auto lg:border-l"
    >
      <header className="sticky top-0 z-10 border-line border-b bg-surface px-3 py-2 md:px-4">
        <h2 id="saga-variants" className="font-medium text-sm">
          {t("title", { count: variants.length })}
        </h2>
        <p className="text-ink-muted text-xs">{t("what")}</p>
      </header>
      <ol aria-labelledby="saga-variants" className="flex flex-col divide-y divide-line">
        {shown.map((variant) => {
          const id = variantId(variant);
          return (
            <li key={id}>
              <VariantItem
                variant={variant}
                names={names}
                isSelected={selected === id}
                onSelect={() => onSelect(selected === id ? null : id)}
              />
            </li>
          );
        })}
      </ol>
      <div className="flex flex-col items-start gap-1 px-3 py-2 text-ink-muted text-xs md:px-4">
        {variants.length <= FEW ? null : (
          <Button size="sm" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? t("fewer") : t("all", { count: variants.length })}
          </Button>
        )}
        {otherFlows === 0 ? null : <p>{t("others", { count: otherFlows })}</p>}
      </div>
    </section>
  );
}

type VariantItemProps = {
  variant: MapVariantDto;
  names: ReadonlyMap<string, string>;
  isSelected: boolean;
  onSelect: () => void;
};

function VariantItem({ variant, names, isSelected, onSelect }: VariantItemProps) {
  const t = useTranslations("sagas.variants");
  const format = useFormat();
  const durations = useDurationWords();
  const { stages, flows, share, ends } = variant;
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={onSelect}
      className={classNames(
        "relative flex w-full flex-col gap-1 px-3 py-2 text-left text-xs hover:bg-hover md:px-4",
        "aria-pressed:bg-selected aria-pressed:shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <span className="flex w-full flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-semibold tabular-nums">{format.percent(share)}</span>
        <span className="text-ink-muted tabular-nums">{t("flows", { count: flows })}</span>
        <span className="text-ink-faint tabular-nums">{durations(variant)}</span>
      </span>
      <span aria-hidden className="h-1 w-full overflow-hidden rounded-full bg-pressed">
        <span className="block h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="leading-5">
        {stages.length === 0 ? <span className="text-ink-faint">{t("noStep")}</span> : null}
        {stages.map((stage, index) => (
          // Stages have no names: a stage is what stands at its place.
          // biome-ignore lint/suspicious/noArrayIndexKey: the stages of a variant never change
          <Fragment key={index}>
            {index === 0 ? null : <span className="text-ink-faint">{" → "}</span>}
            <span className="wrap-anywhere">
              {stage.map((key) => names.get(key) ?? key).join(` ${t("beside")} `)}
            </span>
          </Fragment>
        ))}
      </span>
      <span className="flex flex-wrap gap-1">
        {SAGA_STATES.filter((state) => (ends[state] ?? 0) > 0).map((state) => (
          <span key={state} className="inline-flex items-center gap-1">
            <SagaStateBadge state={state} />
            <span className="text-ink-muted tabular-nums">{format.number(ends[state] ?? 0)}</span>
          </span>
        ))}
      </span>
    </button>
  );
}
