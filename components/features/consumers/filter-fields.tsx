"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { FILTER_DIALECTS } from "#server/domain/subscription-filter.ts";
import { addFilterExample } from "./filter-examples.ts";
import type { DraftFieldsProps } from "./source-fields.tsx";

const MAX_ROWS = 14;

/** Which events of the channel: JSON, with an example of each dialect to begin with. */
export function FilterFields({ draft, change, problemOf }: DraftFieldsProps) {
  const t = useTranslations("consumers.form");
  const rows = Math.min(MAX_ROWS, Math.max(2, draft.filters.split("\n").length));
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={t("filters")} hint={t("filtersHint")} error={problemOf("filters")}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={rows}
            value={draft.filters}
            placeholder='[{ "prefix": { "type": "order." } }]'
            onChange={(event) => change({ filters: event.target.value })}
          />
        )}
      </Field>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div role="group" aria-label={t("filterExamples")} className="flex flex-wrap items-center gap-1.5">
        <span className="text-ink-muted text-xs">{t("filterExamples")}</span>
        {FILTER_DIALECTS.map((dialect) => (
          <Button
            key={dialect}
            size="sm"
            title={t(`dialects.${dialect}`)}
            className="font-mono"
            onClick={() => change({ filters: addFilterExample(draft.filters, dialect) })}
          >
            {dialect}
          </Button>
        ))}
      </div>
    </div>
  );
}
