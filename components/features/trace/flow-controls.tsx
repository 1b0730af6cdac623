"use client";

import { useTranslations } from "next-intl";
import { FLOW_ARRANGEMENTS, FLOW_CLOCKS } from "#components/event-detail/flow-rows.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";

type FlowControlsProps = {
  by: (typeof FLOW_ARRANGEMENTS)[number];
  clock: (typeof FLOW_CLOCKS)[number];
  setParams: (params: {
    by?: (typeof FLOW_ARRANGEMENTS)[number];
    clock?: (typeof FLOW_CLOCKS)[number];
  }) => Promise<unknown>;
};

/** How the events of a flow are arranged, and by whose clock. */
export function FlowControls({ by, clock, setParams }: FlowControlsProps) {
  const t = useTranslations("flow");
  return (
    <>
      <SegmentedControl
        label={t("arrangement")}
        value={by}
        onValueChange={(next) => void setParams({ by: next })}
        options={FLOW_ARRANGEMENTS.map((value) => ({ value, label: t(value) }))}
      />
      <SegmentedControl
        label={t("clock")}
        value={clock}
        onValueChange={(next) => void setParams({ clock: next })}
        options={FLOW_CLOCKS.map((value) => ({ value, label: t(value) }))}
      />
    </>
  );
}
