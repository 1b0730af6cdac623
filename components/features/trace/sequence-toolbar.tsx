"use client";

import { Copy, Download, FileImage, FileText, ListFilter, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { copyText } from "#components/ui/copy-text.ts";
import {
  DropdownMenu,
  MenuCheckbox,
  MenuItem,
  MenuLabel,
  MenuSeparator,
} from "#components/ui/dropdown-menu.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { readPalette } from "#components/ui/picture/palette.ts";
import { saveContent } from "#components/ui/save-file.ts";
import { showToast } from "#components/ui/toast-store.ts";
import type { Lifeline, Sequence } from "#server/domain/sagas/sequence.ts";
import { writeSequence } from "#server/domain/sagas/write-sequence.ts";
import { SequenceLegend } from "./sequence-legend.tsx";
import { lifelineKey, type SequencePicture, type SequenceRow } from "./sequence-rows.ts";
import { type RowText, writeSequenceSvg } from "./write-sequence-svg.ts";

type SequenceToolbarProps = {
  sequence: Sequence;
  picture: SequencePicture;
  textOf: (row: SequenceRow) => RowText;
  /** Gives the colours of the theme. */
  box: RefObject<HTMLElement | null>;
  hasChannels: boolean;
  onChannels: (hasChannels: boolean) => void;
  lifelines: readonly Lifeline[];
  hidden: readonly string[];
  onHide: (lifeline: string) => void;
  onShow: (lifeline: string) => void;
  onReset: () => void;
};

/** How many messages are seen, which lifelines, and how to take the diagram away. */
export function SequenceToolbar(props: SequenceToolbarProps) {
  const { picture, lifelines, hidden, hasChannels } = props;
  const t = useTranslations("sequence");
  const format = useFormat();
  return (
    <div className="flex shrink-0 items-center gap-1 border-line border-b px-3 py-1 text-xs md:px-4">
      <p className="mr-auto min-w-0 truncate text-ink-muted">
        <span className="text-ink">{t("messages", { count: picture.shown })}</span>
        {picture.hidden === 0 ? null : ` · ${t("hiddenMessages", { count: format.number(picture.hidden) })}`}
      </p>
      <SequenceLegend />
      <DropdownMenu
        trigger={<IconButton label={t("lifelines")} icon={<ListFilter aria-hidden className="size-4" />} />}
      >
        <MenuCheckbox checked={hasChannels} onCheckedChange={props.onChannels}>
          {t("channels")}
        </MenuCheckbox>
        <MenuSeparator />
        <MenuLabel>{t("lifelines")}</MenuLabel>
        {lifelines.map((lifeline) => {
          const key = lifelineKey(lifeline);
          return (
            <MenuCheckbox
              key={key}
              checked={!hidden.includes(key)}
              onCheckedChange={(isShown) => (isShown ? props.onShow(key) : props.onHide(key))}
            >
              {lifeline.name}
            </MenuCheckbox>
          );
        })}
        <MenuSeparator />
        <MenuItem icon={<RotateCcw />} onSelect={props.onReset}>
          {t("reset")}
        </MenuItem>
      </DropdownMenu>
      <ExportMenu {...props} />
    </div>
  );
}

function ExportMenu({ sequence, picture, textOf, box }: SequenceToolbarProps) {
  const t = useTranslations("sequence");
  const copyMermaid = async () => {
    const isCopied = await copyText(writeSequence(sequence));
    showToast(isCopied ? { tone: "ok", title: t("copied") } : { tone: "danger", title: t("copyFailed") });
  };
  const saveSvg = () => {
    if (box.current === null) return;
    const colourOf = readPalette(box.current);
    const svg = writeSequenceSvg({ title: t("label", { count: picture.shown }), picture, textOf, colourOf });
    saveContent(svg, { name: "sequence.svg", type: "image/svg+xml" });
  };
  return (
    <DropdownMenu
      trigger={<IconButton label={t("export")} icon={<Download aria-hidden className="size-4" />} />}
    >
      <MenuItem icon={<Copy />} onSelect={() => void copyMermaid()}>
        {t("copyMermaid")}
      </MenuItem>
      <MenuItem
        icon={<FileText />}
        onSelect={() => saveContent(writeSequence(sequence), { name: "sequence.mmd", type: "text/plain" })}
      >
        {t("saveMermaid")}
      </MenuItem>
      <MenuItem icon={<FileImage />} onSelect={saveSvg}>
        {t("saveSvg")}
      </MenuItem>
    </DropdownMenu>
  );
}
