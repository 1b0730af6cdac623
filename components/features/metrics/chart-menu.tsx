"use client";

import { Download, Ellipsis, ImageDown, ListTree, SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { copyText } from "#components/ui/copy-text.ts";
import { DropdownMenu, MenuItem } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { saveContent, saveFile } from "#components/ui/save-file.ts";
import { showToast } from "#components/ui/toast-store.ts";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";
import { evidenceHref } from "./evidence-href.ts";
import { type ChartQuestion, chartCommand } from "./metric-queries.ts";
import { toCsv } from "./to-csv.ts";

type ChartMenuProps = {
  name: string;
  question: ChartQuestion;
  answer: MetricAnswerDto | undefined;
  /** What the picture is of. */
  box: () => HTMLElement | null;
};

/** What can be taken away from a chart. */
export function ChartMenu({ name, question, answer, box }: ChartMenuProps) {
  const t = useTranslations("metrics.menu");
  const common = useTranslations("common");
  const router = useRouter();
  const evidence = evidenceHref({ ...question, ...question.window });
  const file = `nagare-${question.metric}-${question.stat}`;
  const savePng = async () => {
    const element = box();
    if (element === null) return;
    try {
      const { toPng } = await import("html-to-image");
      const backgroundColor = getComputedStyle(element).getPropertyValue("--surface");
      saveFile(await toPng(element, { backgroundColor, pixelRatio: 2, filter: isInPicture }), `${file}.png`);
    } catch {
      showToast({ tone: "danger", title: t("pictureFailed") });
    }
  };
  const copyCommand = async () => {
    const isCopied = await copyText(chartCommand(location.origin, question));
    showToast(
      isCopied ? { tone: "ok", title: common("copied") } : { tone: "danger", title: common("copyFailed") },
    );
  };
  return (
    <DropdownMenu
      trigger={
        <IconButton
          size="sm"
          label={t("open", { name })}
          icon={<Ellipsis aria-hidden className="size-3.5" />}
        />
      }
    >
      {evidence === null ? null : (
        <MenuItem icon={<ListTree />} onSelect={() => router.push(evidence)}>
          {t("evidence")}
        </MenuItem>
      )}
      <MenuItem
        icon={<Download />}
        disabled={answer === undefined}
        onSelect={() =>
          answer && saveContent(toCsv(answer), { name: `${file}.csv`, type: "text/csv;charset=utf-8" })
        }
      >
        {t("csv")}
      </MenuItem>
      <MenuItem icon={<ImageDown />} disabled={answer === undefined} onSelect={() => void savePng()}>
        {t("png")}
      </MenuItem>
      <MenuItem icon={<SquareTerminal />} onSelect={() => void copyCommand()}>
        {t("curl")}
      </MenuItem>
    </DropdownMenu>
  );
}

/** What the header offers to do has no place in a picture; the legend, which is of buttons too, has. */
function isInPicture(node: Node): boolean {
  return !(node instanceof HTMLButtonElement && node.closest("header") !== null);
}
