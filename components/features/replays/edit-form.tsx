"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { JsonInput } from "#components/ui/json-input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { EDIT_KINDS, type EditKind, type ReadEdit } from "./edit-draft.ts";

type EditFormProps = {
  kind: EditKind;
  text: string;
  /** What the editor begins with is known. */
  isReady: boolean;
  /** One payload can be edited as a whole, of several it makes no sense. */
  canEditPayload: boolean;
  /** The payload is no JSON. */
  notJson: boolean;
  problem: Extract<ReadEdit, { kind: "invalid" }> | null;
  /** What the API has against it, in its own words. */
  refusal: string | null;
  onKindChange: (kind: EditKind) => void;
  onTextChange: (text: string) => void;
  className?: string;
};

const EXAMPLES: Record<Exclude<EditKind, "none" | "payload">, string> = {
  "merge-patch": '{ "currency": "EUR", "legacyId": null }',
  "json-patch": '[{ "op": "replace", "path": "/currency", "value": "EUR" }]',
};

/** How payloads are changed on the way. The originals stay as they are. */
export function EditForm(props: EditFormProps) {
  const { kind, text, isReady, canEditPayload, notJson, problem, refusal, className } = props;
  const t = useTranslations("replays.edit");
  const kinds = EDIT_KINDS.filter((each) => each !== "payload" || canEditPayload || kind === "payload");
  const error =
    problem === null
      ? (refusal ?? undefined)
      : t(`problems.${problem.problem}`, { operation: problem.operation ?? 0 });
  return (
    <section
      aria-labelledby="replay-edit"
      className={classNames(
        "flex min-w-0 flex-col gap-2 border-line border-t bg-surface px-3 py-3 md:px-4",
        className,
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="replay-edit" className="font-medium text-sm">
          {t("title")}
        </h2>
        <SegmentedControl
          label={t("title")}
          value={kind}
          onValueChange={props.onKindChange}
          options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      </div>
      <p className="max-w-prose text-ink-muted text-xs">
        {t(`hints.${kind}`)}{" "}
        {kind === "merge-patch" || kind === "json-patch" ? (
          <code className="wrap-anywhere block font-mono">{EXAMPLES[kind]}</code>
        ) : null}
      </p>
      {kind === "none" ? null : (
        <Editor {...{ kind, text, isReady, canEditPayload, notJson, error }} onChange={props.onTextChange} />
      )}
    </section>
  );
}

type EditorProps = Pick<EditFormProps, "text" | "isReady" | "canEditPayload" | "notJson"> & {
  kind: Exclude<EditKind, "none">;
  error: string | undefined;
  onChange: (text: string) => void;
};

function Editor({ kind, text, isReady, canEditPayload, notJson, error, onChange }: EditorProps) {
  const t = useTranslations("replays.edit");
  if (kind === "payload" && !canEditPayload) return <p className="text-danger-ink text-xs">{t("onlyOne")}</p>;
  if (kind === "payload" && notJson) return <p className="text-danger-ink text-xs">{t("payloadNotJson")}</p>;
  if (!isReady) return <Skeleton className="my-3 w-1/3" />;
  return (
    <JsonInput
      key={kind}
      label={t(`editors.${kind}`)}
      text={text}
      error={error}
      className={kind === "payload" ? "h-96 max-h-[60vh]" : "h-40"}
      onChange={onChange}
    />
  );
}
