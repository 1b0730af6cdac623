"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { ApiError } from "#components/lib/api-error.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { formatJson } from "#components/ui/json-format.ts";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import { type EditKind, FIRST_TEXTS, readEdit } from "./edit-draft.ts";
import { EditForm } from "./edit-form.tsx";
import { OptionsForm } from "./options-form.tsx";
import { PlanSamples } from "./plan-samples.tsx";
import { PlanSummary } from "./plan-summary.tsx";
import { defaultCanary } from "./replay-draft.ts";
import { StartBar } from "./start-bar.tsx";
import { useEditText } from "./use-edit-text.ts";
import { useReplayDraft } from "./use-replay-draft.ts";
import { useReplayPlan } from "./use-replay-plan.ts";

/** What a replay would do, how it is to go, and the way to start it. Nothing on this page changes anything but that. */
export function PlanPage({ selection }: { selection: LetterSelection }) {
  const t = useTranslations("replays");
  const errorWords = useErrorWords();
  const { draft, editKind, upTo, change } = useReplayDraft();
  const only = onlyLetterOf(selection);
  const original = useOriginal(editKind === "payload" ? only : null);
  const typed = useEditText(editKind);
  const text = typed.text ?? firstText(editKind, original.text);
  const edit = readEdit({ kind: editKind, text }, original.text);
  const state = useReplayPlan({ selection, draft, upTo, change, edit });
  const { plan, query, problems } = state;
  const refusal = refusalOf(query.error);
  const refresh = () => void query.refetch();
  const includeNewer = () => {
    // How many are tried first goes by how many there are, unless somebody has said otherwise.
    const isUntouched = plan !== undefined && draft.canary === String(defaultCanary(plan.included));
    void change({ upTo: null, ...(isUntouched && { canary: null }) });
  };
  useShortcuts([
    { keys: "r", label: t("plan.again"), group: "page", run: refresh },
    ...(plan !== undefined && plan.newer > 0
      ? [{ keys: "n", label: t("plan.includeNewer"), group: "page" as const, run: includeNewer }]
      : []),
  ]);

  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/dead-letters/replays" parent={t("title")}>
            {t("plan.title")}
          </PagePath>
        }
        actions={
          <IconButton
            label={t("plan.again")}
            keys="r"
            icon={<RefreshCw aria-hidden className="size-4" />}
            className="max-md:hidden"
            onClick={refresh}
          />
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
        <div className="grid min-h-full grid-cols-[minmax(0,1fr)] max-lg:content-start lg:grid-cols-[minmax(0,1fr)_23rem]">
          <div className="flex min-w-0 flex-col bg-surface max-lg:contents lg:border-line lg:border-r">
            <section aria-label={t("plan.label")} className="min-w-0 bg-surface">
              <QueryNotices
                query={query}
                rows={5}
                loading={t("plan.loading")}
                failed={t("plan.failed")}
                onRetry={refresh}
              />
              {plan === undefined ? null : (
                <PlanSummary
                  plan={plan}
                  selection={selection}
                  isChanging={state.planned === null && query.isFetching}
                  onIncludeNewer={includeNewer}
                />
              )}
            </section>
            <EditForm
              className="max-lg:order-3"
              kind={editKind}
              text={text}
              isReady={typed.isRead && (editKind !== "payload" || original.isKnown)}
              canEditPayload={only !== null}
              notJson={original.isKnown && original.text === null}
              problem={edit.kind === "invalid" ? edit : null}
              refusal={refusal === null ? null : errorWords(refusal)}
              onKindChange={(kind) => void change({ edit: kind })}
              onTextChange={typed.setText}
            />
            {plan === undefined || plan.samples.length === 0 ? null : (
              <PlanSamples
                className="max-lg:order-4"
                plan={plan}
                isEdited={edit.kind === "valid" && edit.edit !== null}
              />
            )}
          </div>
          <OptionsForm
            className="max-lg:order-2"
            draft={{ ...draft, canary: draft.canary ?? "" }}
            problems={draft.canary === null ? [] : problems}
            onChange={change}
          />
        </div>
      </div>
      <StartBar state={state} isEditWrong={edit.kind === "invalid"} />
    </>
  );
}

function onlyLetterOf(selection: LetterSelection) {
  if (selection.kind !== "letters" || selection.letters.length !== 1) return null;
  return selection.letters[0] ?? null;
}

/** The payload of the letter that is edited, as it was recorded; null where it is no JSON. */
function useOriginal(letter: ReturnType<typeof onlyLetterOf>) {
  const event = useQuery({ ...eventQueries.byPosition(letter?.position ?? "0"), enabled: letter !== null });
  const data = letter === null ? undefined : event.data?.data;
  return { isKnown: data !== undefined, text: data?.encoding === "json" ? data.text : null };
}

function firstText(kind: EditKind, original: string | null): string {
  switch (kind) {
    case "none":
      return "";
    case "payload":
      // Laid out over lines to be edited; no number, text or escape changes.
      return original === null ? "" : formatJson(original).text;
    default:
      return FIRST_TEXTS[kind];
  }
}

/** What the API has against the edit; null where it has nothing, or something else is wrong. */
function refusalOf(error: Error | null): ApiError | null {
  return error instanceof ApiError && error.status === 400 && /\bedit\b|patch|payload/i.test(error.message)
    ? error
    : null;
}
