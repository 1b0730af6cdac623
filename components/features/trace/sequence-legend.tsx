"use client";

import { Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SvgShapes } from "#components/ui/picture/svg-shapes.tsx";
import { Popover } from "#components/ui/popover.tsx";
import type { SequenceRow } from "./sequence-rows.ts";
import { drawRow, type Measures } from "./sequence-shapes.ts";

const FORMS = [
  "arrived",
  "owed",
  "dead",
  "discarded",
  "unheard",
  "compensation",
  "replayed",
  "folded",
] as const;
type Form = (typeof FORMS)[number];

/** Rows of the legend are drawn like those of the diagram, between two lifelines that stand close together. */
const MEASURES: Measures = { gutter: -26, column: 84 };

/** What the forms of arrows mean. */
export function SequenceLegend() {
  const t = useTranslations("sequence");
  return (
    <Popover
      label={t("legend")}
      align="end"
      trigger={<IconButton label={t("legend")} icon={<Info aria-hidden className="size-4" />} />}
    >
      <ul className="flex flex-col text-xs">
        {FORMS.map((form) => (
          <li key={form} className="flex items-center gap-3">
            <svg aria-hidden="true" width={120} height={30} viewBox="0 8 120 30">
              <SvgShapes shapes={drawRow(exampleOf(form), { label: "", note: "" }, 2, MEASURES)} />
            </svg>
            {t(`forms.${form}`)}
          </li>
        ))}
      </ul>
    </Popover>
  );
}

const STATUSES: Partial<Record<Form, SequenceRow["arrow"]["status"]>> = {
  owed: "pending",
  dead: "dead",
  discarded: "discarded",
};

function exampleOf(form: Form): SequenceRow {
  return {
    kind: "arrow",
    key: form,
    from: 0,
    to: form === "unheard" ? null : 1,
    atUs: 0,
    times: form === "folded" ? 3 : 1,
    isUnfolded: false,
    arrow: {
      kind: form === "unheard" ? "unheard" : "send",
      from: 0,
      to: form === "unheard" ? null : 1,
      type: "",
      events: [0],
      messages: [0],
      attempts: 1,
      status: STATUSES[form] ?? "succeeded",
      isReplayed: form === "replayed",
      isCompensation: form === "compensation",
    },
  };
}
