"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { type Format, useFormat } from "#components/ui/format-context.tsx";
import { NameEnd } from "#components/ui/name-end.tsx";
import type { OverviewDto, ServiceStandingDto } from "#server/contract/overview.ts";
import { HealthLine } from "./health-line.tsx";
import { HEALTH_LOOKS } from "./health-look.ts";
import { writeSince } from "./since.ts";

const FIGURES = [
  {
    name: "published",
    className: "max-lg:hidden",
    read: (service, format) => format.rate(service.publishedPerSecond),
  },
  {
    name: "handled",
    className: "max-md:hidden",
    read: (service, format) => format.rate(service.handledPerSecond),
  },
  {
    name: "failureRate",
    className: "",
    read: ({ failureRate }, format) => (failureRate === null ? null : format.percent(failureRate)),
  },
  {
    name: "p95",
    className: "max-md:hidden",
    read: ({ p95 }, format) => (p95 === null ? null : format.duration(p95 * 1000)),
  },
  {
    name: "backlog",
    className: "max-sm:hidden",
    read: ({ backlog }, format) => (backlog === null ? null : format.number(backlog)),
  },
] as const satisfies readonly {
  name: string;
  className: string;
  read: (service: ServiceStandingDto, format: Format) => string | null;
}[];

/** Every service with how it was over the last hour, the worst first. */
export function ServiceTable({ services, moreServices }: Pick<OverviewDto, "services" | "moreServices">) {
  const t = useTranslations("overview.services");
  const format = useFormat();
  if (services.length === 0) return null;
  return (
    <section aria-label={t("title")} className="min-w-0">
      <h2 className="pb-1.5 font-medium text-ink-muted text-xs">{t("title")}</h2>
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-line border-b text-ink-muted text-xs">
              <th className="px-3 py-1.5 text-left font-medium">{t("service")}</th>
              <th className="w-1/3 min-w-28 px-3 py-1.5 text-left font-medium max-sm:hidden">
                {t("lastHour")}
              </th>
              {FIGURES.map(({ name, className }) => (
                <th
                  key={name}
                  className={classNames("whitespace-nowrap px-3 py-1.5 text-right font-medium", className)}
                >
                  {t(`columns.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <tr key={service.node} className="border-line border-b last:border-0 hover:bg-hover">
                <th className="max-w-56 px-3 py-1.5 text-left font-normal">
                  <ServiceName service={service} />
                  <div className="pt-1 sm:hidden">
                    <HealthLine service={service.service} line={service.line} />
                  </div>
                </th>
                <td className="px-3 py-1.5 max-sm:hidden">
                  <HealthLine service={service.service} line={service.line} />
                </td>
                {FIGURES.map(({ name, className, read }) => (
                  <td
                    key={name}
                    className={classNames("whitespace-nowrap px-3 py-1.5 text-right", className)}
                  >
                    <CellFigure
                      value={read(service, format)}
                      isAlarming={
                        name === "failureRate" && service.health !== "ok" && (service.failureRate ?? 0) > 0
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {moreServices === 0 ? null : (
        <p className="pt-1 text-ink-muted text-xs">{t("more", { count: moreServices })}</p>
      )}
    </section>
  );
}

function ServiceName({ service: { service, node, health, since } }: { service: ServiceStandingDto }) {
  const t = useTranslations("overview");
  const format = useFormat();
  const { icon: Icon, ink } = HEALTH_LOOKS[health];
  const title =
    since === null
      ? t(`healths.${health}`)
      : t("services.since", { health: t(`healths.${health}`), time: writeSince(since, format).whole });
  return (
    <Link
      href={`/topology?node=${encodeURIComponent(node)}`}
      prefetch={false}
      title={title}
      className="flex min-w-0 items-center gap-2 hover:underline"
    >
      <Icon aria-hidden className={classNames("size-3.5 shrink-0", ink)} />
      <NameEnd>{service}</NameEnd>
      <span className="sr-only">{title}</span>
    </Link>
  );
}
