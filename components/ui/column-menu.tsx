"use client";

import { Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ColumnLayout, DataColumn } from "./data-table-columns.ts";
import { DropdownMenu, MenuCheckbox, MenuLabel } from "./dropdown-menu.tsx";
import { IconButton } from "./icon-button.tsx";

type ColumnMenuProps<Row> = {
  columns: readonly DataColumn<Row>[];
  layout: ColumnLayout;
  onLayoutChange: (layout: ColumnLayout) => void;
};

/** Chooses which columns of a table are shown. */
export function ColumnMenu<Row>({ columns, layout, onLayoutChange }: ColumnMenuProps<Row>) {
  const t = useTranslations("common.table");
  return (
    <DropdownMenu
      trigger={<IconButton label={t("columns")} icon={<Columns3 aria-hidden className="size-4" />} />}
    >
      <MenuLabel>{t("columns")}</MenuLabel>
      {columns.map((column) => (
        <MenuCheckbox
          key={column.id}
          checked={layout.visibility[column.id] ?? !column.isHiddenAtFirst}
          onCheckedChange={(isShown) =>
            onLayoutChange({ ...layout, visibility: { ...layout.visibility, [column.id]: isShown } })
          }
        >
          {column.header}
        </MenuCheckbox>
      ))}
    </DropdownMenu>
  );
}
