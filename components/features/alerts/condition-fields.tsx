"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { definitionOf, METRIC_NAMES, type MetricName, STATS_OF } from "#server/domain/metrics/catalogue.ts";
import { TARGET_METRICS, withMetric } from "./rule-draft.ts";
import { type RuleFieldsProps, SpanField, TextField } from "./rule-fields.tsx";

const TOGETHER = "together";

/** What a rule watches, and when that is too much, too little or nothing. */
export function ConditionFields(props: RuleFieldsProps) {
  const { draft, change } = props;
  const t = useTranslations("alerts.form");
  const metrics = useTranslations("metrics");
  const { kind: metricKind, labels } = definitionOf(draft.metric);
  const offered: readonly MetricName[] = draft.kind === "burn-rate" ? TARGET_METRICS : METRIC_NAMES;
  const hasStat = (draft.kind === "threshold" || draft.kind === "change") && STATS_OF[metricKind].length > 1;
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label={t("metric")}>
          {({ id }) => (
            <Select
              id={id}
              value={draft.metric}
              onValueChange={(metric) => change(withMetric(draft, metric))}
              options={offered.map((value) => ({ value, label: metrics(`names.${value}`) }))}
            />
          )}
        </Field>
        {hasStat ? (
          <Field label={metrics("statistic")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.stat}
                onValueChange={(stat) => change({ stat })}
                options={STATS_OF[metricKind].map((value) => ({ value, label: metrics(`stats.${value}`) }))}
              />
            )}
          </Field>
        ) : null}
        {labels.length === 0 ? null : (
          <Field label={t("each")} hint={draft.by === null ? undefined : t("eachHint")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.by ?? TOGETHER}
                onValueChange={(by) => change({ by: by === TOGETHER ? null : by })}
                options={[
                  { value: TOGETHER, label: metrics("together") },
                  ...labels.map((value) => ({ value, label: metrics(`labels.${value}`) })),
                ]}
              />
            )}
          </Field>
        )}
      </div>
      {labels.length === 0 ? null : (
        <div className="grid gap-3 sm:grid-cols-2">
          {labels.map((label) => (
            <Field key={label} label={t("only", { label: metrics(`labels.${label}`) })}>
              {(ids) => (
                <Input
                  {...ids}
                  autoComplete="off"
                  placeholder={t("any")}
                  value={draft.where[label] ?? ""}
                  onChange={(event) => change({ where: { ...draft.where, [label]: event.target.value } })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      <Bounds {...props} />
    </>
  );
}

function Bounds(props: RuleFieldsProps) {
  const { draft, change, problems } = props;
  const t = useTranslations("alerts.form");
  const units = useTranslations("alerts.units");
  const window = (
    <SpanField label={t("window")} value={draft.windowMs} onChange={(windowMs) => change({ windowMs })} />
  );
  const notShorter = problems.find(({ field }) => field === "shortMs");
  switch (draft.kind) {
    case "threshold":
      return (
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label={t("is")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.is}
                onValueChange={(is) => change({ is })}
                options={(["above", "below"] as const).map((value) => ({
                  value,
                  label: t(`sides.${value}`),
                }))}
              />
            )}
          </Field>
          <TextField
            {...props}
            name="value"
            unit={draft.stat === "rate" ? t("aSecond") : units(definitionOf(draft.metric).unit)}
          />
          {window}
        </div>
      );
    case "absence":
      return <div className="grid gap-3 sm:grid-cols-3">{window}</div>;
    case "change":
      return (
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Field label={t("is")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.direction}
                onValueChange={(direction) => change({ direction })}
                options={(["rising", "falling"] as const).map((value) => ({
                  value,
                  label: t(`ways.${value}`),
                }))}
              />
            )}
          </Field>
          <TextField {...props} name="byShare" unit="%" />
          {window}
          <SpanField label={t("ago")} value={draft.agoMs} onChange={(agoMs) => change({ agoMs })} />
        </div>
      );
    case "burn-rate":
      return (
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <TextField {...props} name="target" unit="%" />
          {draft.metric === "failure_rate" ? null : (
            <TextField {...props} name="withinSeconds" unit={units("seconds")} />
          )}
          <TextField {...props} name="factor" />
          <SpanField label={t("long")} value={draft.longMs} onChange={(longMs) => change({ longMs })} />
          <SpanField
            label={t("short")}
            error={notShorter === undefined ? undefined : t(`problems.${notShorter.reason}`, { limit: 0 })}
            value={draft.shortMs}
            onChange={(shortMs) => change({ shortMs })}
          />
        </div>
      );
  }
}
