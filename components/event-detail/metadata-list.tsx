"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { eventByIdHref, flowHref, streamHref } from "#components/shell/destinations.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { EventDetailDto } from "#server/contract/events.ts";
import { type Attribute, readAttributes } from "./attributes.ts";
import { clockSkewMs } from "./clock-skew.ts";

/** Every attribute of an event with what it means, and which ones its producer left out. */
export function MetadataList({ event }: { event: EventDetailDto }) {
  const t = useTranslations("event");
  const { groups, absent } = readAttributes(event);
  const extensions = Object.entries(event.extensions);
  return (
    <div className="flex flex-col gap-3 px-3 py-3 text-xs md:px-4">
      {groups.map(({ group, attributes }) => (
        <Group key={group} title={t(`groups.${group}`)}>
          {attributes.map((attribute) => (
            <Line
              key={attribute.name}
              label={t(`attributes.${attribute.name}.label`)}
              meaning={t(`attributes.${attribute.name}.meaning`)}
              value={attribute.value}
            >
              <AttributeValue attribute={attribute} event={event} />
            </Line>
          ))}
          {group === "time" ? <SkewLine event={event} /> : null}
        </Group>
      ))}
      {extensions.length === 0 ? null : (
        <Group title={t("groups.extensions")}>
          {extensions.map(([name, value]) => (
            <Line
              key={name}
              label={name}
              isLabelCode
              meaning={t("extensionMeaning", { type: t(`extensionTypes.${extensionType(value)}`) })}
              value={String(value)}
            >
              {String(value)}
            </Line>
          ))}
        </Group>
      )}
      {absent.length === 0 ? null : (
        <p className="text-ink-faint">
          {t("notGiven", { names: absent.map((name) => t(`attributes.${name}.label`)).join(t("listComma")) })}
        </p>
      )}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="pb-1 font-medium text-2xs text-ink-faint">{title}</h3>
      <dl className="border-line border-t">{children}</dl>
    </section>
  );
}

type LineProps = {
  label: string;
  isLabelCode?: boolean;
  meaning: string;
  /** What is copied. */
  value: string;
  children: ReactNode;
};

function Line({ label, isLabelCode = false, meaning, value, children }: LineProps) {
  const t = useTranslations("event");
  return (
    <div className="group/line relative grid min-h-7 grid-cols-[7rem_minmax(0,1fr)] sm:grid-cols-[8.5rem_minmax(0,1fr)] items-start gap-2 border-line border-b py-1 pr-7">
      <dt>
        <Tooltip content={meaning} side="top" align="start">
          <button
            type="button"
            className={`cursor-help text-left text-ink-muted decoration-dotted underline-offset-3 hover:underline ${isLabelCode ? "wrap-anywhere font-mono" : ""}`}
          >
            {label}
          </button>
        </Tooltip>
      </dt>
      <dd className="wrap-anywhere font-mono">{children}</dd>
      <dd className="absolute top-0.5 right-0 opacity-0 focus-within:opacity-100 group-hover/line:opacity-100 pointer-coarse:-top-1 pointer-coarse:opacity-100">
        <CopyButton text={value} label={t("copyValue", { label })} />
      </dd>
    </div>
  );
}

type AttributeValueProps = { attribute: Attribute; event: EventDetailDto };

function AttributeValue({ attribute: { name, value }, event }: AttributeValueProps) {
  const t = useTranslations("event");
  const format = useFormat();
  switch (name) {
    case "recordedAt":
      return format.dateTime(value);
    case "time":
      return <ProducerTime time={value} />;
    case "correlationId":
      return <ValueLink href={flowHref(value)}>{value}</ValueLink>;
    case "causationId":
      return <ValueLink href={eventByIdHref(value)}>{value}</ValueLink>;
    case "aggregateId": {
      const { aggregateType, aggregateVersion } = event;
      if (aggregateType === null || aggregateVersion === null) return value;
      return <ValueLink href={streamHref(aggregateType, value, aggregateVersion)}>{value}</ValueLink>;
    }
    case "kind":
      return event.kind === null ? value : <span className="font-sans">{t(`kinds.${event.kind}`)}</span>;
    case "shape":
      return <span className="font-sans">{t(`shapes.${event.shape}`)}</span>;
    case "dataBytes":
      return format.bytes(event.dataBytes);
    default:
      return value;
  }
}

/** The producer's time in the reader's zone, and as it was written where that says more. */
function ProducerTime({ time }: { time: string }) {
  const t = useTranslations("event");
  const format = useFormat();
  if (Number.isNaN(Date.parse(time))) return time;
  return (
    <>
      {format.dateTime(time)}
      {hasMoreThanMillis(time) ? (
        <span className="block text-ink-faint">{t("asWritten", { time })}</span>
      ) : null}
    </>
  );
}

function SkewLine({ event }: { event: EventDetailDto }) {
  const t = useTranslations("common");
  const format = useFormat();
  const skew = clockSkewMs(event);
  if (skew === null) return null;
  return (
    <div className="py-1 text-warn-ink">
      {t("clockSkew", {
        duration: format.duration(Math.abs(skew)),
        direction: skew > 0 ? "ahead" : "behind",
      })}
    </div>
  );
}

function ValueLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} prefetch={false} className="text-accent hover:underline">
      {children}
    </Link>
  );
}

/** Whether a written time has digits that our milliseconds do not show, or another zone than UTC. */
function hasMoreThanMillis(time: string): boolean {
  return !/^[^.]*(\.\d{1,3})?[Zz]$/.test(time);
}

function extensionType(value: string | number | boolean): "text" | "number" | "truth" {
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "truth" : "text";
}
