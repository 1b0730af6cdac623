"use client";

import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { DeadLetterTabs } from "#components/shell/dead-letter-tabs.tsx";
import { PageHeader } from "#components/shell/page-header.tsx";
import { resolveTimeRange, type TimeRange } from "#components/shell/time-range.ts";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import type { LetterFilter } from "#server/contract/dead-letters.ts";
import { LetterFilters } from "./letter-filters.tsx";
import { letterId, readLetterId } from "./letter-id.ts";
import { LetterList } from "./letter-list.tsx";
import { LetterPanel } from "./letter-panel.tsx";
import { useLetterFilter } from "./use-letter-filter.ts";

/** Whatever waits for somebody may be old: no letter is left out by its age unless that is asked for. */
const ANY_TIME: TimeRange = { kind: "absolute", from: null, to: null };

/** Dead letters by every field and text, to be read beside the list, ticked, and worked with. */
export function LetterExplorer() {
  const t = useTranslations("deadLetters.letters");
  const [filter, setFilter] = useLetterFilter();
  const [range, setRange] = useTimeRange(ANY_TIME);
  const wanted = useMemo(() => withRange(filter, range), [filter, range]);
  const [opened, setOpened] = useQueryState("letter", parseAsString.withOptions({ history: "replace" }));
  const [cursor, setCursor] = useState<string | null>(null);
  const letter = readLetterId(opened ?? "");
  const open = (id: string | null) => void setOpened(id, { history: opened === null ? "push" : "replace" });
  const move = (id: string | null) => {
    // Escape closes what is open first, then lets go of the row.
    if (id === null && opened !== null) return open(null);
    setCursor(id);
    if (id !== null && opened !== null) open(id);
  };
  const isAnyTime = range.kind === "absolute" && range.from === null && range.to === null;
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <>
            <TimeRangePicker fallback={ANY_TIME} />
            {isAnyTime ? null : (
              <Button variant="ghost" onClick={() => setRange(ANY_TIME)}>
                {t("anyTime")}
              </Button>
            )}
          </>
        }
      >
        <DeadLetterTabs />
        <div className="border-line border-t">
          <LetterFilters filter={filter} onFilterChange={setFilter} />
        </div>
      </PageHeader>
      <SplitPane
        main={
          <LetterList
            filter={wanted}
            activeId={opened ?? cursor}
            onActiveChange={move}
            onOpen={(row) => open(letterId(row))}
            emptyActions={
              Object.keys(wanted).length === 0 ? null : (
                <Button
                  onClick={() => {
                    setFilter({});
                    setRange(ANY_TIME);
                  }}
                >
                  {t("clear")}
                </Button>
              )
            }
          />
        }
        side={
          letter === null ? null : (
            <LetterPanel key={letterId(letter)} letter={letter} onClose={() => open(null)} />
          )
        }
      />
    </>
  );
}

/** A span that ends now keeps the moment at which it was chosen: a list that moves with every second can't be read. */
function withRange(filter: LetterFilter, range: TimeRange): LetterFilter {
  const { from, to } = resolveTimeRange(range, Date.now());
  return { ...filter, ...(from !== null && { from }), ...(to !== null && { to }) };
}
