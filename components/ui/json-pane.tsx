"use client";

import { useTranslations } from "next-intl";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { createJsonEditor, type EditorPhrases, type JsonEditor } from "./json-editor.ts";

export type JsonPaneHandle = { find: () => void };

type JsonPaneProps = {
  text: string;
  label: string;
  wraps: boolean;
  /** Told of every change that a person makes. Without it the text can only be read. */
  onChange?: ((text: string) => void) | undefined;
  ref?: Ref<JsonPaneHandle>;
};

/** The editor of a `JsonViewer` or `JsonInput`. It is large: load it lazily. */
export function JsonPane({ text, label, wraps, onChange, ref }: JsonPaneProps) {
  const t = useTranslations("json");
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<JsonEditor | null>(null);
  useImperativeHandle(ref, () => ({ find: () => editor.current?.find() }), []);

  const change = useEffectEvent((next: string) => onChange?.(next));
  const isEditable = onChange !== undefined;
  const create = useEffectEvent((parent: HTMLElement, phrases: EditorPhrases, name: string) =>
    createJsonEditor({
      parent,
      text,
      wraps,
      phrases,
      label: name,
      ...(isEditable && { onChange: (next) => change(next) }),
    }),
  );

  useEffect(() => {
    if (box.current === null) return;
    const created = create(box.current, readPhrases(t), label);
    editor.current = created;
    return () => {
      editor.current = null;
      created.destroy();
    };
  }, [label, t]);

  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.setWraps(wraps), [wraps]);

  return <div ref={box} className="h-full min-h-0" />;
}

/** Our words for the editor's, which asks for them in English. */
function readPhrases(t: ReturnType<typeof useTranslations<"json">>): EditorPhrases {
  return {
    Find: t("find"),
    next: t("next"),
    previous: t("previous"),
    all: t("all"),
    "match case": t("matchCase"),
    regexp: t("regexp"),
    "by word": t("byWord"),
    close: t("close"),
    "current match": t("currentMatch"),
    "on line": t("onLine"),
    "folded code": t("foldedCode"),
    unfold: t("unfoldLine"),
    "Fold line": t("foldLine"),
    "Unfold line": t("unfoldLine"),
  };
}
