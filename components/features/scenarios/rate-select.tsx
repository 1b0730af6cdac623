"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Select } from "#components/ui/select.tsx";

const RATES = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

type RateSelectProps = {
  label: string;
  /** Units a second. */
  rate: number;
  maxRate: number;
  onChange: (rate: number) => void;
};

/** Chooses how many units come in. */
export function RateSelect({ label, rate, maxRate, onChange }: RateSelectProps) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const rates = [...new Set([...RATES.filter((one) => one <= maxRate), rate])].toSorted((a, b) => a - b);
  return (
    <Field label={label}>
      {({ id }) => (
        <Select
          id={id}
          className="w-36"
          value={String(rate)}
          options={rates.map((one) => ({
            value: String(one),
            label: t("perSecond", { rate: format.number(one) }),
          }))}
          onValueChange={(value) => onChange(Number(value))}
        />
      )}
    </Field>
  );
}
