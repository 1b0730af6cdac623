"use client";

import { CircleAlert, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { eventHref, flowHref } from "#components/shell/destinations.ts";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PanelFrame } from "#components/ui/panel-frame.tsx";
import type { FindingDto } from "#server/contract/topology.ts";
import { type NodeNames, nameOf, useFindingWords } from "./use-fact-words.ts";

const LOOKS: Record<FindingDto["severity"], { icon: LucideIcon; tone: Tone }> = {
  harm: { icon: CircleAlert, tone: "danger" },
  risk: { icon: TriangleAlert, tone: "warn" },
  note: { icon: Info, tone: "info" },
};

type FindingListProps = { findings: readonly FindingDto[]; names: NodeNames; onSelect: (id: string) => void };

/** What departs from how such systems are meant to be, most harmful first. */
export function FindingsPanel({ onClose, ...list }: FindingListProps & { onClose: () => void }) {
  const t = useTranslations("topology.findings");
  return (
    <PanelFrame label={t("panel")} title={t("panel")} onClose={onClose}>
      {list.findings.length === 0 ? (
        <EmptyState title={t("none.title")}>{t("none.body")}</EmptyState>
      ) : (
        <div className="px-3 py-3 md:px-4">
          <FindingList {...list} />
        </div>
      )}
    </PanelFrame>
  );
}

export function FindingList({ findings, names, onSelect }: FindingListProps) {
  return (
    <ul className="flex flex-col gap-4">
      {findings.map((finding) => (
        <FindingItem key={finding.id} finding={finding} names={names} onSelect={onSelect} />
      ))}
    </ul>
  );
}

type FindingItemProps = Omit<FindingListProps, "findings"> & { finding: FindingDto };

function FindingItem({ finding, names, onSelect }: FindingItemProps) {
  const t = useTranslations("topology.findings");
  const { title, seen, why } = useFindingWords()(finding, names);
  const { icon: Icon, tone } = LOOKS[finding.severity];
  return (
    <li className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
          {t(`severities.${finding.severity}`)}
        </Badge>
        <h4 className="font-medium text-sm">{title}</h4>
      </div>
      <p className="max-w-prose text-sm">{seen}</p>
      <p className="max-w-prose text-ink-muted text-xs">{why}</p>
      <Proofs label={t("at")}>
        {finding.nodes.map((id) => (
          <li key={id}>
            <button type="button" className="text-accent hover:underline" onClick={() => onSelect(id)}>
              {nameOf(names, id)}
            </button>
          </li>
        ))}
      </Proofs>
      <Proofs label={t("flows")}>
        {finding.flows.map((flow) => (
          <li key={flow} className="max-w-48 truncate">
            <Link href={flowHref(flow)} className="font-mono text-accent hover:underline">
              {flow}
            </Link>
          </li>
        ))}
      </Proofs>
      <Proofs label={t("events")}>
        {finding.positions.map((position) => (
          <li key={position}>
            <Link href={eventHref(position)} className="font-mono text-accent hover:underline">
              {position}
            </Link>
          </li>
        ))}
      </Proofs>
    </li>
  );
}

/** More than this is no proof but a list. */
const SHOWN_PROOFS = 6;

function Proofs({ label, children }: { label: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <div className="flex gap-2 text-xs">
      <span className="shrink-0 text-ink-muted">{label}</span>
      <ul className="flex min-w-0 flex-wrap gap-x-2 gap-y-0.5">{children.slice(0, SHOWN_PROOFS)}</ul>
    </div>
  );
}
