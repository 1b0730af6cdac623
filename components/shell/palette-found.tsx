"use client";

import { Split, Workflow } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { TraceReference } from "#server/contract/sagas.ts";
import { traceHref } from "./destinations.ts";
import { Group, Item } from "./palette-item.tsx";
import type { usePaletteSagas } from "./use-palette-sagas.ts";

/** What the values of found items begin with; the address of each follows. */
export const FOUND = "found ";

type FoundProps<Found> = { found: readonly Found[]; onDone: () => void };

export function PaletteSagas({ found, onDone }: FoundProps<ReturnType<typeof usePaletteSagas>[number]>) {
  const t = useTranslations("shell.palette");
  const router = useRouter();
  if (found.length === 0) return null;
  return (
    <Group heading={t("sagas")}>
      {found.map(({ saga, words }) => (
        <Item
          key={saga.id}
          value={`${FOUND}${traceHref(saga.reference)}`}
          icon={<Split aria-hidden />}
          onSelect={() => {
            onDone();
            router.push(traceHref(saga.reference));
          }}
        >
          {words}
        </Item>
      ))}
    </Group>
  );
}

/** Flows that are no sagas, and that the text names. */
export function PaletteFlows({ found, onDone }: FoundProps<TraceReference>) {
  const t = useTranslations("shell.palette");
  const router = useRouter();
  if (found.length === 0) return null;
  return (
    <Group heading={t("flows")}>
      {found.map((flow) => (
        <Item
          key={traceHref(flow)}
          value={`${FOUND}${traceHref(flow)}`}
          icon={<Workflow aria-hidden />}
          onSelect={() => {
            onDone();
            router.push(traceHref(flow));
          }}
        >
          {t("flowById", { value: flow.value })}
        </Item>
      ))}
    </Group>
  );
}
