"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DiffView } from "#components/ui/diff-view.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { SchemaVersionDto } from "#server/contract/schemas.ts";
import { draftOf, layOut, type SchemaDraft } from "./schema-draft.ts";
import { useDeleteSchema } from "./schema-queries.ts";
import { UpcasterList } from "./upcaster-list.tsx";

type Side = "schema" | "changes" | "upcasters";

type VersionPanelProps = {
  type: string;
  schema: SchemaVersionDto;
  /** The version before it. */
  before: SchemaVersionDto | null;
  isLast: boolean;
  onEdit: (draft: SchemaDraft) => void;
};

/** One version: its schema, what it changed, and how older payloads become payloads of it. */
export function VersionPanel({ type, schema, before, isLast, onEdit }: VersionPanelProps) {
  const t = useTranslations("schemas.versions");
  const [side, setSide] = useState<Side>("schema");
  const [isDeleting, setIsDeleting] = useState(false);
  const text = useMemo(() => layOut(schema.schema), [schema.schema]);
  const sides: Side[] = ["schema", ...(before === null ? [] : (["changes"] as const)), "upcasters"];
  return (
    <section
      aria-label={t("panel", { version: schema.version })}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 md:px-4">
        <SegmentedControl
          label={t("sides.label")}
          value={side}
          onValueChange={setSide}
          options={sides.map((value) => ({
            value,
            label: t(`sides.${value}`, { version: before?.version ?? "" }),
          }))}
        />
        <span className="flex-1" />
        <Button
          size="sm"
          icon={<Pencil aria-hidden className="size-3.5" />}
          onClick={() => onEdit(draftOf(schema))}
        >
          {t("edit")}
        </Button>
        <Button
          size="sm"
          variant="ghost"
          icon={<Trash2 aria-hidden className="size-3.5" />}
          onClick={() => setIsDeleting(true)}
        >
          {t("delete.open")}
        </Button>
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-auto max-md:min-h-80">
        {side === "schema" ? (
          <JsonViewer text={text} isDerived label={t("schemaOf", { version: schema.version })} />
        ) : null}
        {side === "changes" && before !== null ? (
          <DiffView
            before={layOut(before.schema)}
            after={text}
            label={t("sides.changes", { version: before.version })}
            unchanged={t("unchanged")}
          />
        ) : null}
        {side === "upcasters" ? <UpcasterList schema={schema} /> : null}
      </div>
      {isDeleting ? (
        <DeleteDialog
          type={type}
          version={schema.version}
          isLast={isLast}
          onClose={() => setIsDeleting(false)}
        />
      ) : null}
    </section>
  );
}

type DeleteDialogProps = { type: string; version: string; isLast: boolean; onClose: () => void };

/** Asks before a version goes, with what follows from that. */
function DeleteDialog({ type, version, isLast, onClose }: DeleteDialogProps) {
  const t = useTranslations("schemas.versions.delete");
  const remove = useDeleteSchema(type);
  const confirm = () =>
    remove.mutate(version, {
      onSuccess: () => {
        showToast({ title: t("done", { type, version }), tone: "ok" });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      isDangerous
      onOpenChange={onClose}
      title={t("title", { type, version })}
      description={t(isLast ? "bodyLast" : "body", { version })}
      confirmLabel={t("confirm", { version })}
      isBusy={remove.isPending}
      onConfirm={confirm}
    >
      {remove.isError ? <ErrorNotice title={t("failed")} error={remove.error} /> : null}
    </ConfirmDialog>
  );
}
