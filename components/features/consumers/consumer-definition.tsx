"use client";

import { useTranslations } from "next-intl";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import { ChannelLabel, TargetLabel } from "./consumer-look.tsx";
import { useRetryWords } from "./retry-words.ts";

type ConsumerDefinitionProps = {
  subscription: SubscriptionDto;
  channelKind: ChannelDto["kind"] | undefined;
};

/** How a consumer is set up, in words where words say more than the setting. */
export function ConsumerDefinition({ subscription, channelKind }: ConsumerDefinitionProps) {
  const t = useTranslations("consumers.definition");
  const orderings = useTranslations("consumers.orderings");
  const format = useFormat();
  const retryWords = useRetryWords();
  const { target, ordering } = subscription;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm [&>dt]:text-ink-faint [&>dt]:text-xs [&>dt]:leading-5">
      <dt>{t("channel")}</dt>
      <dd>
        <ChannelLabel name={subscription.channel} kind={channelKind} />
      </dd>
      <dt>{t("target")}</dt>
      <dd className="break-all">
        <TargetLabel target={target} />
        {target.kind === "http" ? (
          <span className="block text-ink-muted text-xs">
            {t("signed", { count: target.secretCount })}
            {target.headerNames.length === 0
              ? null
              : ` ${t("headers", { names: target.headerNames.join(", ") })}`}
          </span>
        ) : null}
      </dd>
      <dt>{t("filters")}</dt>
      <dd className="min-w-0">
        {subscription.filters.length === 0 ? (
          t("noFilters")
        ) : (
          <CodeBlock code={JSON.stringify(subscription.filters, null, 2)} />
        )}
      </dd>
      <dt>{t("ordering")}</dt>
      <dd>
        {orderings(ordering)}
        {ordering === "key" ? (
          <span className="block text-ink-muted text-xs">{t(`onDead.${subscription.onDead}`)}</span>
        ) : null}
      </dd>
      <dt>{t("concurrency")}</dt>
      <dd>{t("concurrencyWords", { count: subscription.concurrency })}</dd>
      <dt>{t("retry")}</dt>
      <dd>{retryWords(subscription.retry)}</dd>
      <dt>{t("timeout")}</dt>
      <dd>{format.duration(subscription.timeoutMs)}</dd>
      <dt>{t("position")}</dt>
      <dd>
        <span className="font-mono text-xs">{subscription.position}</span>
        {subscription.generation === 0 ? null : (
          <span className="block text-ink-muted text-xs">
            {t("rewound", { count: subscription.generation })}
          </span>
        )}
      </dd>
      <dt>{t("updatedAt")}</dt>
      <dd>
        <Timestamp at={subscription.updatedAt} shape="minute" />
      </dd>
    </dl>
  );
}
