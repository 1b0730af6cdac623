"use client";

import { Asterisk, CircleCheck, CircleX, Hourglass, ListEnd, Megaphone, Pause, Plug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { StateBadge, type StateLook } from "#components/ui/state-badge.tsx";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { BoundedCountDto, SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { type ConsumerState, consumerState } from "./consumer-state.ts";

const STATE_LOOKS: Record<ConsumerState, StateLook> = {
  active: { icon: CircleCheck, tone: "ok" },
  behind: { icon: Hourglass, tone: "warn" },
  failing: { icon: CircleX, tone: "danger" },
  paused: { icon: Pause, tone: "neutral" },
  external: { icon: Plug, tone: "info" },
};

/** How a consumer is, as a word with an icon; the numbers behind it are its title. */
export function ConsumerStateBadge({ consumer }: { consumer: SubscriptionStatusDto }) {
  const t = useTranslations("consumers");
  const state = consumerState(consumer);
  return (
    <StateBadge look={STATE_LOOKS[state]} label={t(`states.${state}`)} hint={t(`stateHints.${state}`)} />
  );
}

type ChannelLabelProps = { name: string | null; kind: ChannelDto["kind"] | undefined };

/** A channel with the icon of its kind. Null is every event, whatever its channel. */
export function ChannelLabel({ name, kind }: ChannelLabelProps) {
  const t = useTranslations("consumers");
  if (name === null) {
    return (
      <span className="inline-flex max-w-full items-center gap-1.5 text-ink-muted">
        <Asterisk aria-hidden className="size-3.5 shrink-0 text-channel" />
        {t("everyEvent")}
      </span>
    );
  }
  const Icon = kind === "queue" ? ListEnd : Megaphone;
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      {kind === undefined ? null : (
        <span
          role="img"
          aria-label={t(`channelKinds.${kind}`)}
          title={t(`channelKinds.${kind}`)}
          className="shrink-0"
        >
          <Icon aria-hidden className="size-3.5 text-channel" />
        </span>
      )}
      <span title={name} className="truncate font-mono">
        {name}
      </span>
    </span>
  );
}

/** A count as text: `1,234`, or `10,000+` when there are at least so many. */
export function useBoundedCount() {
  const format = useFormat();
  return ({ count, exact }: BoundedCountDto) => `${format.number(count)}${exact ? "" : "+"}`;
}

/** Where the events go, on one line. */
export function TargetLabel({ target }: Pick<SubscriptionStatusDto, "target">) {
  const t = useTranslations("consumers.targets");
  switch (target.kind) {
    case "http":
      return (
        <span title={target.url} className="font-mono">
          {target.url}
        </span>
      );
    case "handler":
      return <span>{t("handlerNamed", { name: target.name })}</span>;
    case "external":
      return <span>{t("external")}</span>;
  }
}
