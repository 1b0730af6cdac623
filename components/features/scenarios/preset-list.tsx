"use client";

import { Zap } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { Remaining } from "./remaining.tsx";
import { useChangeScenario } from "./scenario-queries.ts";

/** Failures that tell a story, with what to watch meanwhile. Each ends by itself. */
export function PresetList({ scenario }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios");
  const isRunning = scenario.runningSince !== null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{t("presets.title")}</h3>
      <p className="text-ink-muted text-xs">{t(isRunning ? "presets.hint" : "presets.startFirst")}</p>
      <ul className="grid gap-3 md:grid-cols-2">
        {scenario.presets.map((preset) => (
          <PresetItem key={preset.name} scenario={scenario} preset={preset} />
        ))}
      </ul>
    </section>
  );
}

type PresetItemProps = { scenario: ScenarioDto; preset: ScenarioDto["presets"][number] };

function PresetItem({ scenario: { name, runningSince }, preset }: PresetItemProps) {
  const t = useTranslations("scenarios");
  const change = useChangeScenario(name);
  const title = t(`presets.${preset.name}.title`);
  const isOn = preset.endsAt !== null;
  return (
    <li aria-label={title} className="flex flex-col gap-1.5 rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h4 className="font-medium">{title}</h4>
        {preset.endsAt === null ? null : (
          <Badge tone="danger">
            <Remaining endsAt={preset.endsAt} />
          </Badge>
        )}
      </div>
      <p className="flex-1 text-ink-muted text-xs">{t(`presets.${preset.name}.watch`)}</p>
      <div>
        <Button
          size="sm"
          disabled={runningSince === null}
          isBusy={change.isPending}
          icon={<Zap aria-hidden className="size-3.5" />}
          onClick={() =>
            change.mutate(
              isOn ? { kind: "calm", service: preset.service } : { kind: "preset", preset: preset.name },
            )
          }
        >
          {isOn ? t("presets.end") : t("presets.play", { seconds: preset.seconds })}
        </Button>
      </div>
      {change.isError ? <ErrorNotice title={t("changeFailed")} error={change.error} /> : null}
    </li>
  );
}
