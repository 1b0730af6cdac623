"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { TimelineScene } from "./timeline-scene.ts";

/** The services of the lanes. A name stays in sight as long as its lane does. */
export const LaneLabels = memo(function LaneLabels({ scene }: { scene: TimelineScene }) {
  const t = useTranslations("trace.timeline");
  const { plan, trace, untilUs } = scene;
  const names = new Map(trace.services.map(({ id, name }) => [id, name]));
  return (
    <>
      {plan.undoneTop === null ? null : (
        <p
          style={{ top: plan.undoneTop }}
          className="absolute inset-x-0 z-1 flex h-6 items-center gap-1.5 border-store border-t bg-store-soft px-2 font-medium text-2xs text-store-ink"
        >
          <Undo2 aria-hidden className="size-3" />
          {t("undone")}
        </p>
      )}
      {(["forward", "compensation"] as const).map((section) => (
        <ul key={section} aria-label={t(section === "forward" ? "services" : "undone")}>
          {plan.lanes
            .filter((lane) => lane.section === section)
            .map(({ index, service, top, height, bars, marks }) => (
              <li
                key={index}
                style={{ top, height }}
                className="pointer-events-none absolute left-0 w-(--gutter) border-line border-r bg-surface"
              >
                <p
                  className={classNames(
                    "sticky top-0 flex items-center gap-1 px-2 py-0.5 text-xs",
                    // While it is played, nobody has heard of some services yet.
                    untilUs !== null && marks.length === 0 && bars.every(isEmpty) && "text-ink-faint",
                  )}
                >
                  <NodeIcon
                    kind={trace.mediators.includes(service) ? "mediator" : "consumer"}
                    className="size-3 max-md:hidden"
                  />
                  <span title={names.get(service)} className="pointer-events-auto min-w-0 truncate">
                    <span className="max-md:hidden">{shortName(names.get(service) ?? service, "/")}</span>
                    <span className="md:hidden">{shortName(names.get(service) ?? service, /[./]/)}</span>
                  </span>
                </p>
              </li>
            ))}
        </ul>
      ))}
    </>
  );
});

function isEmpty(row: readonly number[]): boolean {
  return row.length === 0;
}

/** The end of a name: there those of one system differ, and the beginning is where all are the same. */
function shortName(name: string, sign: string | RegExp): string {
  const parts = name.split(sign);
  const end = parts.at(-1) ?? "";
  return end === "" || name.length <= end.length + 1 ? name : `…${end}`;
}
