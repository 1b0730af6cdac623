"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { streamHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { SampleOrdersDto, SampleOrderViewDto } from "#server/contract/sample-orders.ts";
import { scenarioQueries } from "./scenario-queries.ts";

/** The same orders as their streams have them and as the read model has them, with how far the one is behind. */
export function ReadModelPanel({ aggregateType }: { aggregateType: string }) {
  const t = useTranslations("scenarios.readModel");
  const orders = useQuery(scenarioQueries.sampleOrders());
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{t("title")}</h3>
      <p className="max-w-prose text-ink-muted text-xs">{t("hint")}</p>
      {orders.isLoadingError ? <ErrorNotice title={t("failed")} error={orders.error} /> : null}
      {orders.data === undefined ? null : (
        <>
          <LagFigures projection={orders.data.projection} />
          {orders.data.orders.length === 0 ? (
            <p className="text-ink-muted text-xs">{t("none")}</p>
          ) : (
            <OrderTable orders={orders.data.orders} aggregateType={aggregateType} />
          )}
        </>
      )}
    </section>
  );
}

function LagFigures({ projection: { lag, applied, error } }: Pick<SampleOrdersDto, "projection">) {
  const t = useTranslations("scenarios.readModel");
  const format = useFormat();
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
      <FigureList className="min-w-72 flex-1">
        <Figure label={t("lagEvents")} isAlarming={lag.events > 20}>
          {format.number(lag.events)}
          {lag.capped ? "+" : ""}
        </Figure>
        <Figure label={t("lagTime")}>
          {lag.events === 0 ? "–" : format.duration(Math.round(lag.seconds * 1_000))}
        </Figure>
        <Figure label={t("applied")}>{format.number(applied)}</Figure>
      </FigureList>
      <Link href="/projections" className={buttonClasses("secondary", "sm")}>
        {t("projections")}
      </Link>
      {error === null ? null : (
        <p className="w-full text-danger-ink text-xs">{t("stuck", { reason: error.message })}</p>
      )}
    </div>
  );
}

type OrderTableProps = Pick<SampleOrdersDto, "orders"> & { aggregateType: string };

function OrderTable({ orders, aggregateType }: OrderTableProps) {
  const t = useTranslations("scenarios.readModel");
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table aria-label={t("title")} className="w-full text-left text-xs">
        <thead className="bg-sunken text-ink-muted">
          <tr>
            <th className="px-3 py-1.5 font-medium">{t("order")}</th>
            <th className="px-3 py-1.5 font-medium">{t("written")}</th>
            <th className="px-3 py-1.5 font-medium">{t("read")}</th>
            <th className="px-3 py-1.5 font-medium max-sm:hidden">{t("difference")}</th>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id} className="border-line border-t">
              <th scope="row" className="px-3 py-1.5 font-normal">
                <Link
                  href={streamHref(aggregateType, order.id)}
                  className="font-mono text-accent hover:underline"
                >
                  {order.id}
                </Link>
                <span className="block text-2xs text-ink-muted">{order.customerId}</span>
                <span className="sm:hidden">
                  <Difference order={order} />
                </span>
              </th>
              <td className="px-3 py-1.5">
                <OrderView view={order.written} />
              </td>
              <td className="px-3 py-1.5">
                {order.read === null ? (
                  <span className="text-ink-muted">{t("unknown")}</span>
                ) : (
                  <OrderView view={order.read} />
                )}
              </td>
              <td className="whitespace-nowrap px-3 py-1.5 max-sm:hidden">
                <Difference order={order} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Difference({ order }: { order: SampleOrdersDto["orders"][number] }) {
  const t = useTranslations("scenarios.readModel");
  const format = useFormat();
  const { written, read, behindSeconds } = order;
  if (behindSeconds === 0) return <Badge tone="ok">{t("same")}</Badge>;
  const count = Math.max(1, written.version - (read?.version ?? 0));
  const duration = format.duration(Math.round(behindSeconds * 1_000));
  return <Badge tone="warn">{t("behind", { count, duration })}</Badge>;
}

function OrderView({ view: { version, status, items, total } }: { view: SampleOrderViewDto }) {
  const t = useTranslations("scenarios.readModel");
  const format = useFormat();
  return (
    <span className="flex flex-col">
      <span className="font-medium">{status}</span>
      <span className="whitespace-nowrap text-2xs text-ink-muted">
        {t("facts", { version, items, total: format.number(total) })}
      </span>
    </span>
  );
}
