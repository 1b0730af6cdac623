"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { ConsumerActions } from "./consumer-actions.tsx";
import { ConsumerDefinition } from "./consumer-definition.tsx";
import { ConsumerFigures } from "./consumer-figures.tsx";
import { ConsumerStateBadge } from "./consumer-look.tsx";
import { ProcessingByType } from "./processing-by-type.tsx";
import { RecentFailures } from "./recent-failures.tsx";

type ConsumerPanelProps = {
  name: string;
  /** Null when there is no consumer of that name. */
  consumer: SubscriptionStatusDto | null;
  channels: readonly ChannelDto[];
  onClose: () => void;
};

/** One consumer beside the table: what it is owed, what it does, how it is set up. */
export function ConsumerPanel({ name, consumer, channels, onClose }: ConsumerPanelProps) {
  const t = useTranslations("consumers");
  return (
    <section aria-label={t("panel", { consumer: name })} className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-2 md:px-4">
        <NodeIcon kind="consumer" className="size-4" />
        <h2 title={name} className="min-w-0 truncate font-medium">
          {name}
        </h2>
        {consumer === null ? null : <ConsumerStateBadge consumer={consumer} />}
        <span className="flex-1" />
        <IconButton
          label={t("close")}
          keys="escape"
          icon={<X aria-hidden className="size-4" />}
          onClick={onClose}
        />
      </header>
      {consumer === null ? (
        <EmptyState title={t("notFound.title")}>{t("notFound.body", { consumer: name })}</EmptyState>
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <ConsumerActions consumer={consumer} channels={channels} onDeleted={onClose} />
          <Section title={t("sections.now")}>
            <ConsumerFigures consumer={consumer} />
          </Section>
          <Section title={t("sections.byType")}>
            <ProcessingByType consumer={consumer.consumer} />
          </Section>
          <Section title={t("sections.failures")}>
            <RecentFailures consumer={consumer.consumer} />
          </Section>
          <Section title={t("sections.definition")}>
            <ConsumerDefinition
              subscription={consumer}
              channelKind={channels.find((channel) => channel.name === consumer.channel)?.kind}
            />
          </Section>
        </div>
      )}
    </section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-t px-3 py-3 md:px-4">
      <h3 className="mb-2 font-medium text-ink-muted text-xs">{title}</h3>
      {children}
    </section>
  );
}
