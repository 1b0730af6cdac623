"use client";

import {
  ArrowDownRight,
  ArrowUpRight,
  CircleCheck,
  CircleX,
  type LucideIcon,
  Minus,
  Plus,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { useRate } from "#components/lib/use-rate.ts";
import { AbsoluteRangeForm } from "#components/shell/absolute-range-form.tsx";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { TopologyComparisonDto, TrafficDto } from "#server/contract/topology.ts";
import type { ChosenWindow } from "./time-frames.ts";
import type { Change } from "./topology-node.tsx";
import { COMPARED, type Compared } from "./topology-view.ts";
import { type NodeNames, nameOf } from "./use-fact-words.ts";

const LOOKS: Record<Change, { icon: LucideIcon; tone: Tone }> = {
  appeared: { icon: Plus, tone: "ok" },
  vanished: { icon: Minus, tone: "neutral" },
  slower: { icon: ArrowDownRight, tone: "warn" },
  faster: { icon: ArrowUpRight, tone: "ok" },
  failing: { icon: CircleX, tone: "danger" },
  recovered: { icon: CircleCheck, tone: "ok" },
};

type ChangesPanelProps = {
  comparison: TopologyComparisonDto;
  compared: Compared;
  /** With the window, where one is chosen. */
  onCompared: (compared: Compared, chosen: ChosenWindow | null) => void;
  isSplit: boolean;
  onSplit: (isSplit: boolean) => void;
  names: NodeNames;
  onSelect: (id: string) => void;
  onClose: () => void;
};

/** What is different from an earlier window: what appeared, vanished, slowed, or started to fail. */
export function ChangesPanel(props: ChangesPanelProps) {
  const { comparison, compared, isSplit, names } = props;
  const t = useTranslations("topology.comparison");
  const format = useFormat();
  const { window: before } = comparison.before;
  return (
    <PanelFrame label={t("panel")} title={t("panel")} onClose={props.onClose}>
      <PanelSection title={t("with")}>
        <div className="flex flex-wrap gap-2">
          <SegmentedControl
            label={t("with")}
            value={compared}
            onValueChange={(value) => props.onCompared(value, value === "chosen" ? before : null)}
            options={COMPARED.map((value) => ({ value, label: t(`windows.${value}`) }))}
          />
          <SegmentedControl
            label={t("shown")}
            value={isSplit ? "split" : "one"}
            onValueChange={(value) => props.onSplit(value === "split")}
            options={[
              { value: "one", label: t("one") },
              { value: "split", label: t("split") },
            ]}
          />
        </div>
        <p className="mt-2 text-ink-muted text-xs">
          {t("before", { from: format.minute(before.from), to: format.minute(before.to) })}
        </p>
        {compared === "chosen" ? (
          <div className="mt-3">
            <AbsoluteRangeForm
              key={`${before.from} ${before.to}`}
              range={{ kind: "absolute", from: before.from, to: before.to }}
              onApply={(range) => range.kind === "absolute" && props.onCompared("chosen", range)}
            />
          </div>
        ) : null}
      </PanelSection>
      {comparison.changes.length === 0 ? (
        <EmptyState title={t("none.title")}>{t("none.body")}</EmptyState>
      ) : (
        <PanelSection title={t("changes", { count: comparison.changes.length })}>
          <ul className="flex flex-col gap-2 text-sm">
            {comparison.changes.map((change) => (
              <ChangeItem
                key={`${change.subject} ${change.id}`}
                change={change}
                {...{ names, comparison }}
                onSelect={props.onSelect}
              />
            ))}
          </ul>
        </PanelSection>
      )}
    </PanelFrame>
  );
}

type ChangeItemProps = Pick<ChangesPanelProps, "names" | "onSelect" | "comparison"> & {
  change: TopologyComparisonDto["changes"][number];
};

function ChangeItem({
  change: { id, subject, changes, before, after },
  comparison,
  names,
  onSelect,
}: ChangeItemProps) {
  const t = useTranslations("topology");
  const edge = [...comparison.after.edges, ...comparison.before.edges].find((one) => one.id === id);
  const label =
    subject === "edge" && edge !== undefined
      ? `${nameOf(names, edge.from)} → ${nameOf(names, edge.to)}`
      : nameOf(names, id);
  return (
    <li className="flex flex-col gap-0.5">
      <span className="flex flex-wrap items-center gap-1.5">
        {changes.map((one) => {
          const { icon: Icon, tone } = LOOKS[one];
          return (
            <Badge key={one} tone={tone} icon={<Icon aria-hidden className="size-3" />}>
              {t(`changes.${one}`)}
            </Badge>
          );
        })}
        <button
          type="button"
          className="min-w-0 truncate text-left text-accent hover:underline"
          onClick={() => onSelect(id)}
        >
          {label}
        </button>
        {edge === undefined ? null : (
          <span className="text-2xs text-ink-muted">{t(`edgeKinds.${edge.kind}`)}</span>
        )}
      </span>
      <Numbers before={before} after={after} />
    </li>
  );
}

function Numbers({ before, after }: { before: TrafficDto | null; after: TrafficDto | null }) {
  const t = useTranslations("topology.comparison");
  const format = useFormat();
  const rate = useRate();
  const write = (traffic: TrafficDto | null) => {
    if (traffic === null) return t("nothing");
    const { perSecond, failureRate, p95Ms } = traffic;
    return [
      rate(perSecond),
      ...(p95Ms === null ? [] : [t("p95", { duration: format.duration(p95Ms) })]),
      ...(failureRate === null ? [] : [t("failed", { share: format.percent(failureRate) })]),
    ].join(", ");
  };
  if (before === null && after === null) return null;
  return <span className="text-ink-muted text-xs tabular-nums">{`${write(before)} → ${write(after)}`}</span>;
}
