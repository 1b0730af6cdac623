"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { BuiltScene } from "./build-scene.ts";

type SizeNoticeProps = { built: BuiltScene; isCapped: boolean };

/** Says that not everything that was observed is drawn by itself. */
export function SizeNotice({ built: { isFoldedBySize, size, scene }, isCapped }: SizeNoticeProps) {
  const t = useTranslations("topology.size");
  const format = useFormat();
  if (!isFoldedBySize && !isCapped) return null;
  return (
    <p role="status" className="shrink-0 border-warn border-b bg-warn-soft px-3 py-1 text-warn-ink text-xs">
      {isCapped
        ? `${t("capped", { nodes: format.number(size.nodes), edges: format.number(size.edges) })} `
        : null}
      {isFoldedBySize
        ? t("folded", {
            nodes: format.number(size.nodes),
            edges: format.number(size.edges),
            drawn: format.number(scene.nodes.length),
          })
        : null}
    </p>
  );
}
