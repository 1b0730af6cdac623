"use client";

import { ArrowRightLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { drawSequence } from "#server/domain/sagas/sequence.ts";
import { SequenceDiagram } from "./sequence-diagram.tsx";
import { moveLifeline, type SequenceView as Seen, toSequencePicture } from "./sequence-rows.ts";
import { SequenceToolbar } from "./sequence-toolbar.tsx";
import type { TraceViewProps } from "./trace-view.ts";
import { useSequenceText } from "./use-sequence-text.ts";

const NOTHING_UNFOLDED: ReadonlySet<string> = new Set();

/** A trace as a sequence diagram: every message of the flow, from lifeline to lifeline. */
export function SequenceView({ trace, selection, onSelect }: TraceViewProps) {
  const t = useTranslations("sequence");
  const [hasChannels, setHasChannels] = useQueryState("channels", parseAsBoolean.withDefault(true));
  const [order, setOrder] = useState<readonly string[]>([]);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [unfolded, setUnfolded] = useState(NOTHING_UNFOLDED);
  const box = useRef<HTMLDivElement>(null);

  const sequence = useMemo(() => drawSequence(trace), [trace]);
  const seen: Seen = useMemo(
    () => ({ hasChannels, order, hidden, unfolded }),
    [hasChannels, order, hidden, unfolded],
  );
  const picture = useMemo(() => toSequencePicture(trace, sequence, seen), [trace, sequence, seen]);
  const textOf = useSequenceText(trace, picture.columns);

  const lifelines = sequence.lifelines.filter(({ kind }) => hasChannels || kind === "service");
  const move = (key: string, delta: -1 | 1) =>
    setOrder((before) =>
      moveLifeline(sequence.lifelines, picture.columns, { order: before }, { key, delta }),
    );
  const hide = (key: string) => setHidden((before) => [...before, key]);
  const show = (key: string) => setHidden((before) => before.filter((one) => one !== key));
  const fold = (key: string, isUnfolded: boolean) =>
    setUnfolded((before) => {
      const next = new Set(before);
      if (isUnfolded) next.add(key);
      else next.delete(key);
      return next;
    });

  if (sequence.arrows.length === 0) {
    return (
      <EmptyState title={t("empty")} icon={<ArrowRightLeft />}>
        {t("emptyHint")}
      </EmptyState>
    );
  }
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col bg-surface">
      <SequenceToolbar
        sequence={sequence}
        picture={picture}
        textOf={textOf}
        box={box}
        hasChannels={hasChannels}
        onChannels={(next) => void setHasChannels(next)}
        lifelines={lifelines}
        hidden={hidden}
        onHide={hide}
        onShow={show}
        onReset={() => {
          setOrder([]);
          setHidden([]);
          setUnfolded(NOTHING_UNFOLDED);
        }}
      />
      <SequenceDiagram
        trace={trace}
        picture={picture}
        textOf={textOf}
        selection={selection}
        onSelect={onSelect}
        onFold={fold}
        onMove={move}
        onHide={hide}
      />
    </div>
  );
}
