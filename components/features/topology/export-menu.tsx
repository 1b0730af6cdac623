"use client";

import { Download, FileImage, FileText, Terminal } from "lucide-react";
import { useTranslations } from "next-intl";
import { copyText } from "#components/ui/copy-text.ts";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { saveFile } from "#components/ui/save-file.ts";
import { showToast } from "#components/ui/toast-store.ts";
import { type TopologyScope, topologyCommand, topologyPath } from "./topology-queries.ts";

type ExportMenuProps = {
  scope: TopologyScope;
  /** Draws the whole picture and saves it. */
  onPicture: (format: "svg" | "png") => Promise<void>;
};

/** Takes the topology away: as a picture, as text for documents, or as a command that reads it. */
export function ExportMenu({ scope, onPicture }: ExportMenuProps) {
  const t = useTranslations("topology.export");
  const save = (format: "svg" | "png") => {
    onPicture(format).catch((error: unknown) =>
      showToast({
        tone: "danger",
        title: t("failed"),
        description: error instanceof Error ? error.message : String(error),
      }),
    );
  };
  const copyCommand = async () => {
    const isCopied = await copyText(topologyCommand(location.origin, scope));
    showToast(isCopied ? { tone: "ok", title: t("copied") } : { tone: "danger", title: t("copyFailed") });
  };
  return (
    <DropdownMenu
      trigger={<IconButton label={t("title")} icon={<Download aria-hidden className="size-4" />} />}
    >
      <MenuLabel>{t("picture")}</MenuLabel>
      <MenuItem icon={<FileImage />} onSelect={() => save("svg")}>
        {t("svg")}
      </MenuItem>
      <MenuItem icon={<FileImage />} onSelect={() => save("png")}>
        {t("png")}
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>{t("text")}</MenuLabel>
      <MenuItem icon={<FileText />} onSelect={() => saveFile(topologyPath(scope, "mermaid"), "topology.mmd")}>
        {t("mermaid")}
      </MenuItem>
      <MenuItem
        icon={<FileText />}
        onSelect={() => saveFile(topologyPath(scope, "asyncapi"), "topology.asyncapi.json")}
      >
        {t("asyncapi")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Terminal />} onSelect={() => void copyCommand()}>
        {t("curl")}
      </MenuItem>
    </DropdownMenu>
  );
}
