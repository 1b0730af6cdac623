"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { consumerHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ScenarioDto, ScenarioServiceDto } from "#server/contract/scenarios.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { FaultDialog } from "./fault-dialog.tsx";
import { Remaining } from "./remaining.tsx";
import { scenarioQueries, useChangeScenario } from "./scenario-queries.ts";

/** The consumers of a system: how each stands, what is wrong with it, and making something go wrong. */
export function ServiceList({ scenario }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios.services");
  const consumers = useQuery(scenarioQueries.consumers());
  const areCalled = scenario.services.every(({ kind }) => kind === "called");
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{t(areCalled ? "calledTitle" : "title")}</h3>
      <p className="max-w-prose text-ink-muted text-xs">{t(areCalled ? "calledHint" : "hint")}</p>
      <ul className="flex flex-col rounded-lg border border-line">
        {scenario.services.map((service) => (
          <ServiceItem
            key={service.name}
            scenario={scenario}
            service={service}
            status={consumers.data?.subscriptions.find(({ consumer }) => consumer === service.consumer)}
          />
        ))}
      </ul>
    </section>
  );
}

type ServiceItemProps = {
  scenario: ScenarioDto;
  service: ScenarioServiceDto;
  status: SubscriptionStatusDto | undefined;
};

function ServiceItem({ scenario, service, status }: ServiceItemProps) {
  const t = useTranslations("scenarios.services");
  const change = useChangeScenario(scenario.name);
  const [isEditing, setIsEditing] = useState(false);
  const { name, kind, consumer, isOptional, isOn, fault, takes } = service;
  const isRunning = scenario.runningSince !== null;
  return (
    <li
      aria-label={name}
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-line px-3 py-2 not-first:border-t"
    >
      <span className="flex min-w-40 flex-col max-md:w-full">
        {isOn && kind !== "called" ? (
          <Link
            href={consumer === null ? "/projections" : consumerHref(consumer)}
            className="font-medium text-accent hover:underline"
          >
            {name}
          </Link>
        ) : (
          <span className={isOn ? "font-medium" : "font-medium text-ink-muted"}>{name}</span>
        )}
        <span className="max-w-72 truncate font-mono text-2xs text-ink-muted" title={takes.join(", ")}>
          {takes.join(", ")}
        </span>
      </span>
      {isOn && status !== undefined ? <Standing status={status} /> : null}
      {isOn && consumer === null ? (
        <span className="text-ink-muted text-xs">{t(kind === "projection" ? "readModel" : "called")}</span>
      ) : null}
      {isOn && (status !== undefined || consumer === null) ? null : <NotThere isOptional={isOptional} />}
      {fault === null ? null : (
        <Badge tone="danger">
          {fault.endsAt === null ? t("disturbed") : <Remaining endsAt={fault.endsAt} />}
        </Badge>
      )}
      <span className="flex-1" />
      <span className="flex flex-wrap gap-2">
        {isOptional ? (
          <Button
            size="sm"
            isBusy={change.isPending}
            onClick={() => change.mutate({ kind: "consumer", service: name, isOn: !isOn })}
            disabled={!isRunning}
          >
            {t(isOn ? "takeAway" : "add", { name })}
          </Button>
        ) : null}
        {fault === null ? null : (
          <Button
            size="sm"
            isBusy={change.isPending}
            onClick={() => change.mutate({ kind: "calm", service: name })}
          >
            {t("calm", { name })}
          </Button>
        )}
        <Button size="sm" disabled={!isOn} onClick={() => setIsEditing(true)}>
          {t("disturb", { name })}
        </Button>
      </span>
      {change.isError ? <ErrorNotice title={t("failed")} error={change.error} /> : null}
      {isEditing ? (
        <FaultDialog scenario={scenario.name} service={service} onClose={() => setIsEditing(false)} />
      ) : null}
    </li>
  );
}

function Standing({ status: { backlog, dead, attemptsLately } }: { status: SubscriptionStatusDto }) {
  const t = useTranslations("scenarios.services");
  const format = useFormat();
  return (
    <span className="flex flex-wrap gap-x-4 text-xs">
      <span>{t("waiting", { count: format.number(backlog?.count ?? 0) })}</span>
      <span className={attemptsLately.failed > 0 ? "text-warn-ink" : "text-ink-muted"}>
        {t("failedLately", { count: format.number(attemptsLately.failed) })}
      </span>
      <span className={dead.count > 0 ? "font-medium text-danger-ink" : "text-ink-muted"}>
        {t("dead", { count: format.number(dead.count) })}
      </span>
    </span>
  );
}

function NotThere({ isOptional }: { isOptional: boolean }) {
  const t = useTranslations("scenarios.services");
  return <span className="text-ink-muted text-xs">{t(isOptional ? "optional" : "off")}</span>;
}
