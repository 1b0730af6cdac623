"use client";

import { useQuery } from "@tanstack/react-query";
import { FilePlus2, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import type { TypeDetailDto, TypeSchemasDto } from "#server/contract/schemas.ts";
import { PolicyControl } from "./policy-control.tsx";
import { RegisterSheet } from "./register-sheet.tsx";
import { draftAfter, type SchemaDraft } from "./schema-draft.ts";
import { schemaQueries, useRefreshSchemas } from "./schema-queries.ts";
import { ShapeView } from "./shape-view.tsx";
import { TypeFacts } from "./type-facts.tsx";
import { PolicyBadge } from "./type-look.tsx";
import { VersionsView } from "./versions-view.tsx";
import { ViolationList } from "./violation-list.tsx";

const TABS = ["versions", "violations", "shape"] as const;
const NO_VERSIONS: TypeSchemasDto["versions"] = [];

/** One event type: its registered schemas, what violates them, and what its payloads really look like. */
export function TypePage({ type }: { type: string }) {
  const t = useTranslations("schemas");
  const detail = useQuery(schemaQueries.type(type));
  const refresh = useRefreshSchemas();
  useLiveTopic("schemas", refresh);
  return (
    <>
      {detail.data === undefined ? (
        <PageHeader title={<Title type={type} />} />
      ) : (
        <LoadedType detail={detail.data} isStale={detail.isRefetchError} since={detail.dataUpdatedAt} />
      )}
      {detail.isPending ? <TableSkeleton rows={8} label={t("loadingOne")} /> : null}
      {detail.isLoadingError && isMissing(detail.error) ? (
        <EmptyState
          title={t("notFound.title", { type })}
          icon={<SearchX />}
          actions={
            <Link href="/schemas" className={buttonClasses()}>
              {t("notFound.toAll")}
            </Link>
          }
        >
          {t("notFound.body")}
        </EmptyState>
      ) : null}
      {detail.isLoadingError && !isMissing(detail.error) ? (
        <ErrorNotice
          title={t("loadOneFailed")}
          error={detail.error}
          onRetry={detail.refetch}
          isRetrying={detail.isFetching}
        />
      ) : null}
    </>
  );
}

type LoadedTypeProps = { detail: TypeDetailDto; isStale: boolean; since: number };

function LoadedType({ detail, isStale, since }: LoadedTypeProps) {
  const t = useTranslations("schemas");
  const format = useFormat();
  const { type, policy, inferred } = detail;
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(TABS)
      .withDefault(policy === null ? "shape" : "versions")
      .withOptions({ history: "replace" }),
  );
  const schemas = useQuery({ ...schemaQueries.versions(type), enabled: policy !== null });
  const refresh = useRefreshSchemas();
  const [draft, setDraft] = useState<SchemaDraft | null>(null);
  const versions = policy === null ? NO_VERSIONS : (schemas.data?.versions ?? NO_VERSIONS);
  const register = (schema: unknown) => setDraft(draftAfter(versions, schema));
  const startFrom = versions.at(-1)?.schema ?? inferred.schema ?? { type: "object" };

  const contents = {
    versions: (
      <VersionsView
        type={type}
        versions={versions}
        isLoading={policy !== null && schemas.isPending}
        error={schemas.isLoadingError ? schemas.error : null}
        onRetry={schemas.refetch}
        inferred={inferred.schema}
        onRegister={register}
        onEdit={setDraft}
      />
    ),
    violations: <ViolationList type={type} isJudged={policy !== null} />,
    shape: <ShapeView detail={detail} onRegister={register} />,
  };
  const counts = {
    versions: format.number(detail.versions.length),
    violations: format.number(detail.violations),
    shape: undefined,
  };
  return (
    <>
      <PageHeader
        title={<Title type={type} />}
        meta={
          <span className="flex items-center gap-2">
            <CopyButton text={type} label={t("copyType")} />
            <PolicyBadge policy={policy} />
          </span>
        }
        actions={
          <>
            {policy === null ? null : <PolicyControl type={type} policy={policy} />}
            <Button
              variant="primary"
              icon={<FilePlus2 aria-hidden className="size-3.5" />}
              onClick={() => register(startFrom)}
            >
              {t("register.open")}
            </Button>
          </>
        }
      />
      {isStale ? <StaleBanner since={since} onRetry={refresh} /> : null}
      <TypeFacts detail={detail} />
      <Tabs
        label={t("tabs.label")}
        value={tab}
        onValueChange={(next) => void setTab(next)}
        className="min-h-0 flex-1 bg-surface"
        items={TABS.map((value) => ({
          value,
          label: t(`tabs.${value}`),
          count: counts[value],
          content: contents[value],
        }))}
      />
      {draft === null ? null : (
        <RegisterSheet
          type={type}
          initial={draft}
          isEdit={versions.some(({ version }) => version === draft.version)}
          onClose={() => setDraft(null)}
          onRegistered={() => void setTab("versions")}
        />
      )}
    </>
  );
}

function Title({ type }: { type: string }) {
  const t = useTranslations("schemas");
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Link
        href="/schemas"
        className="font-normal text-ink-muted hover:text-ink hover:underline max-sm:hidden"
      >
        {t("title")}
      </Link>
      <span aria-hidden className="font-normal text-ink-faint max-sm:hidden">
        /
      </span>
      <TypeName type={type} />
    </span>
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
