"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { useOrigin } from "#components/lib/use-origin.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { EXAMPLE_BODY, EXAMPLE_CONSUMER, subscriptionCommand } from "./subscription-command.ts";

/** What is shown while nobody subscribes: what a consumer is, and how to have one. */
export function NoConsumers({ onCreate }: { onCreate: () => void }) {
  const t = useTranslations("consumers.empty");
  const origin = useOrigin();
  return (
    <EmptyState
      title={t("title")}
      icon={<NodeIcon kind="consumer" className="size-6" />}
      actions={
        <Button icon={<Plus aria-hidden className="size-3.5" />} onClick={onCreate}>
          {t("create")}
        </Button>
      }
    >
      <p>{t("what")}</p>
      <p className="mt-2 mb-3">{t("how")}</p>
      <CodeBlock
        code={subscriptionCommand(origin, EXAMPLE_CONSUMER, EXAMPLE_BODY)}
        copyLabel={t("copyCommand")}
      />
      <p className="mt-3">
        {t.rich("allow", { code: (words) => <code className="font-mono text-xs">{words}</code> })}
      </p>
    </EmptyState>
  );
}
