"use client";

import { useTranslations } from "next-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ChannelDto } from "#server/contract/bus.ts";
import { FilterFields } from "./filter-fields.tsx";
import { FormSection } from "./form-section.tsx";
import { STARTS, type SubscriptionDraft } from "./subscription-draft.ts";
import type { ProblemOf } from "./use-draft-problems.ts";

export type DraftFieldsProps = {
  draft: SubscriptionDraft;
  change: (next: Partial<SubscriptionDraft>) => void;
  problemOf: ProblemOf;
  isNew: boolean;
};

/** Who listens, to what, and from when on. */
export function SourceFields(props: DraftFieldsProps & { channels: readonly ChannelDto[] }) {
  const { draft, change, problemOf, isNew, channels } = props;
  const t = useTranslations("consumers.form");
  const kinds = useTranslations("consumers.channelKinds");
  const channelOptions = [
    { value: "*", label: t("everyChannel") },
    ...channels.map(({ name, kind }) => ({ value: name, label: `${name} (${kinds(kind)})` })),
  ];
  return (
    <FormSection title={t("sections.source")}>
      <Field label={t("consumer")} hint={t("consumerHint")} error={problemOf("consumer")}>
        {(ids) => (
          <Input
            {...ids}
            value={draft.consumer}
            disabled={!isNew}
            autoComplete="off"
            spellCheck={false}
            placeholder="mailer"
            onChange={(event) => change({ consumer: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t("channel")}
        hint={isNew ? t("channelHint") : t("channelFixed")}
        error={problemOf("channel")}
      >
        {({ id }) => (
          <Select
            id={id}
            value={draft.channel}
            disabled={!isNew}
            options={channelOptions}
            onValueChange={(channel) => change({ channel })}
          />
        )}
      </Field>
      <FilterFields {...props} />
      {isNew ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("start")} hint={t("startHint")}>
            {({ id }) => (
              <Select
                id={id}
                value={draft.start}
                options={STARTS.map((value) => ({ value, label: t(`starts.${value}`) }))}
                onValueChange={(start) => change({ start })}
              />
            )}
          </Field>
          {draft.start === "position" ? (
            <Field label={t("startPosition")} error={problemOf("startPosition")}>
              {(ids) => (
                <Input
                  {...ids}
                  inputMode="numeric"
                  className="w-full font-mono"
                  value={draft.startPosition}
                  onChange={(event) => change({ startPosition: event.target.value })}
                />
              )}
            </Field>
          ) : null}
        </div>
      ) : null}
    </FormSection>
  );
}
