"use client";

import { FileQuestion, Wand2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { FieldSeenDto, TypeDetailDto } from "#server/contract/schemas.ts";
import { PlaceName } from "./type-look.tsx";

const pathOf = ({ path }: FieldSeenDto) => path;

type ShapeViewProps = { detail: TypeDetailDto; onRegister: (schema: unknown) => void };

/** What the newest payloads of a type look like, with the offer to register a schema made of that. */
export function ShapeView({ detail: { inferred }, onRegister }: ShapeViewProps) {
  const t = useTranslations("schemas.shape");
  const format = useFormat();
  const [cursor, setCursor] = useState<string | null>(null);
  const columns = useFieldColumns();
  const { read, skipped, from, to, schema, fields } = inferred;
  if (schema === null || from === null || to === null) {
    return (
      <EmptyState title={t("empty.title")} icon={<FileQuestion />}>
        {skipped > 0 ? t("empty.skipped", { count: skipped }) : t("empty.how")}
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-3 py-2 md:px-4">
        <p className="min-w-0 flex-1 basis-72 text-ink-muted text-xs">
          {t("read", { count: read, from: format.dateTime(from), to: format.dateTime(to) })}
          {skipped > 0 ? ` ${t("skipped", { count: skipped })}` : ""}
        </p>
        <Button icon={<Wand2 aria-hidden className="size-3.5" />} onClick={() => onRegister(schema)}>
          {t("register")}
        </Button>
      </div>
      <DataTable
        label={t("label")}
        columns={columns}
        rows={fields}
        getRowId={pathOf}
        activeId={cursor}
        onActiveChange={setCursor}
        footer={
          inferred.fieldsCapped ? (
            <p className="px-3 py-2 text-ink-muted text-xs md:px-4">
              {t("capped", { count: fields.length })}
            </p>
          ) : null
        }
      />
    </div>
  );
}

function useFieldColumns(): readonly DataColumn<FieldSeenDto>[] {
  const t = useTranslations("schemas.shape.columns");
  const format = useFormat();
  return [
    {
      id: "path",
      header: t("path"),
      width: 200,
      grows: true,
      cell: ({ path }) => (
        <span title={path} className="block min-w-0 truncate text-xs">
          <PlaceName path={path} />
        </span>
      ),
    },
    {
      id: "types",
      header: t("types"),
      width: 140,
      cell: ({ types }) => <span className="truncate font-mono text-xs">{types.join(", ")}</span>,
    },
    {
      id: "format",
      header: t("format"),
      width: 110,
      hideBelow: 520,
      cell: ({ format: name }) => <span className="font-mono text-ink-muted text-xs">{name ?? "–"}</span>,
    },
    {
      id: "share",
      header: t("share"),
      width: 96,
      align: "end",
      cell: ({ share }) => (
        <span className={`text-xs tabular-nums ${share === 1 ? "text-ink-faint" : ""}`}>
          {share === null ? "–" : format.percent(share)}
        </span>
      ),
    },
    {
      id: "count",
      header: t("count"),
      width: 84,
      align: "end",
      hideBelow: 640,
      cell: ({ count }) => <span className="text-xs tabular-nums">{format.number(count)}</span>,
    },
  ];
}
