"use client";

import { FileJson2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { SchemaVersionDto } from "#server/contract/schemas.ts";
import type { SchemaDraft } from "./schema-draft.ts";
import { VersionPanel } from "./version-panel.tsx";

type VersionsViewProps = {
  type: string;
  /** Oldest first. */
  versions: readonly SchemaVersionDto[];
  isLoading: boolean;
  error: Error | null;
  onRetry: () => unknown;
  inferred: unknown;
  onRegister: (schema: unknown) => void;
  onEdit: (draft: SchemaDraft) => void;
};

/** The registered versions of a type, and one of them in full. */
export function VersionsView(props: VersionsViewProps) {
  const { type, versions, inferred, onRegister } = props;
  const t = useTranslations("schemas.versions");
  const [wanted, setWanted] = useQueryState("version", parseAsString.withOptions({ history: "replace" }));
  if (props.isLoading) return <TableSkeleton rows={5} label={t("loading")} />;
  if (props.error !== null) {
    return <ErrorNotice title={t("loadFailed")} error={props.error} onRetry={props.onRetry} />;
  }
  const newest = versions.at(-1);
  if (newest === undefined) {
    return (
      <EmptyState
        title={t("empty.title")}
        icon={<FileJson2 />}
        actions={
          inferred === null ? null : (
            <Button variant="primary" onClick={() => onRegister(inferred)}>
              {t("empty.infer")}
            </Button>
          )
        }
      >
        {t("empty.body")}
      </EmptyState>
    );
  }
  const shown = versions.find(({ version }) => version === wanted) ?? newest;
  const before = versions[versions.indexOf(shown) - 1] ?? null;
  return (
    <div className="flex h-full min-h-0 max-md:flex-col">
      <ul
        aria-label={t("list")}
        className="shrink-0 overflow-y-auto border-line max-md:max-h-36 max-md:border-b md:w-60 md:border-r"
      >
        {versions.toReversed().map(({ version, compatibility, upcasters, createdAt }) => (
          <li key={version}>
            <button
              type="button"
              aria-current={version === shown.version ? "true" : undefined}
              onClick={() => void setWanted(version)}
              className={classNames(
                "flex w-full flex-col gap-0.5 border-line border-b px-3 py-1.5 text-left -outline-offset-2 hover:bg-hover md:px-4",
                version === shown.version && "bg-selected",
              )}
            >
              <span className="flex items-center gap-1.5">
                <span className="min-w-0 truncate font-medium font-mono text-sm">{version}</span>
                {version === newest.version ? <Badge tone="accent">{t("newest")}</Badge> : null}
                {upcasters.length > 0 ? <Badge>{t("upcasts")}</Badge> : null}
              </span>
              <span className="flex items-center gap-1.5 text-ink-faint text-xs">
                <span className="min-w-0 flex-1 truncate">{t(`promises.${compatibility}`)}</span>
                <Timestamp at={createdAt} shape="relative" />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <VersionPanel
        key={shown.version}
        type={type}
        schema={shown}
        before={before}
        isLast={versions.length === 1}
        onEdit={props.onEdit}
      />
    </div>
  );
}
