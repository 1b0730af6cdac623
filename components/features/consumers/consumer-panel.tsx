"use client";

import { useTranslations } from "next-intl";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
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
    <PanelFrame
      label={t("panel", { consumer: name })}
      title={name}
      icon={<NodeIcon kind="consumer" className="size-4" />}
      badge={consumer === null ? null : <ConsumerStateBadge consumer={consumer} />}
      onClose={onClose}
    >
      {consumer === null ? (
        <EmptyState title={t("notFound.title")}>{t("notFound.body", { consumer: name })}</EmptyState>
      ) : (
        <>
          <div className="border-line border-b">
            <ConsumerActions consumer={consumer} channels={channels} onDeleted={onClose} />
          </div>
          <PanelSection title={t("sections.now")}>
            <ConsumerFigures consumer={consumer} />
          </PanelSection>
          <PanelSection title={t("sections.byType")}>
            <ProcessingByType consumer={consumer.consumer} />
          </PanelSection>
          <PanelSection title={t("sections.failures")}>
            <RecentFailures consumer={consumer.consumer} />
          </PanelSection>
          <PanelSection title={t("sections.definition")}>
            <ConsumerDefinition
              subscription={consumer}
              channelKind={channels.find((channel) => channel.name === consumer.channel)?.kind}
            />
          </PanelSection>
        </>
      )}
    </PanelFrame>
  );
}
