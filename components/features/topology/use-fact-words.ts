"use client";

import { useLocale, useTranslations } from "next-intl";
import { type Format, useFormat } from "#components/ui/format-context.tsx";
import type { EvidenceDto, FindingDto, TopologyNodeDto } from "#server/contract/topology.ts";

export type NodeNames = ReadonlyMap<string, string>;

/** What people call each node. */
export function namesOf(nodes: readonly Pick<TopologyNodeDto, "id" | "label">[]): NodeNames {
  return new Map(nodes.map(({ id, label }) => [id, label]));
}

/** The name of a node, also of one that is not in the picture. */
export function nameOf(names: NodeNames, id: string): string {
  return names.get(id) ?? id.replace(/^[a-z]+:/, "");
}

const SHARES = new Set(["share", "agreement", "busy"]);

/** A number as it is written, by what its name says that it is. */
function writeNumber(name: string, value: number, format: Format): string {
  if (SHARES.has(name)) return format.percent(Math.round(value * 1000) / 1000);
  return name.endsWith("Ms") ? format.duration(value) : format.number(value);
}

type Fact = Pick<EvidenceDto, "nodes" | "numbers"> & Partial<Pick<FindingDto, "types" | "names">>;

/** Everything that words about evidence or a finding may need, written out. */
function useArguments() {
  const t = useTranslations("topology.findings");
  const format = useFormat();
  const lists = new Intl.ListFormat(useLocale(), { type: "conjunction" });
  return ({ nodes, numbers, types = [], names = {} }: Fact, known: NodeNames): Record<string, string> => {
    const [who = "", ...others] = nodes.map((id) => nameOf(known, id));
    const written = Object.entries(numbers).map(([name, value]) => [
      name,
      value < 0 ? t(name.endsWith("Ms") ? "never" : "unlimited") : writeNumber(name, value, format),
    ]);
    return {
      ...Object.fromEntries(written),
      ...names,
      who,
      whom: others[0] ?? "",
      others: lists.format(others),
      all: lists.format([who, ...others]),
      types: lists.format(types),
    };
  };
}

/** A piece of evidence in a sentence, with its numbers. */
export function useEvidenceWords() {
  const t = useTranslations("topology.evidence");
  const argumentsOf = useArguments();
  return (evidence: EvidenceDto, known: NodeNames) => t(evidence.kind, argumentsOf(evidence, known));
}

/** A finding in words: what it is, and what was seen. */
export function useFindingWords() {
  const t = useTranslations("topology.findings.kinds");
  const argumentsOf = useArguments();
  return (finding: FindingDto, known: NodeNames) => ({
    title: t(`${finding.kind}.title`),
    seen: t(`${finding.kind}.seen`, argumentsOf(finding, known)),
    why: t(`${finding.kind}.why`),
  });
}
