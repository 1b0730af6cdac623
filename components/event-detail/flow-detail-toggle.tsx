"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import type { FlowNode } from "./flow-rows.ts";
import type { FlowDetails } from "./flow-tree.tsx";

type FlowDetailToggleProps = { details: FlowDetails; node: FlowNode; top: number; height: number };

/** Opens what is below a row, which is a link itself and can't hold a button. */
export function FlowDetailToggle({ details, node, top, height }: FlowDetailToggleProps) {
  const isOpen = details.opened.has(node.position);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const label = `${details.label}: ${node.type}`;
  return (
    <button
      type="button"
      // The arrow keys do it in the tree; ten thousand stops on the way through a page help nobody.
      tabIndex={-1}
      aria-label={label}
      aria-expanded={isOpen}
      title={details.label}
      onClick={() => details.onToggle(node.position)}
      style={{ height, transform: `translateY(${top}px)` }}
      className="absolute top-0 right-1 flex w-7 items-center justify-center rounded-md text-ink-muted hover:bg-pressed hover:text-ink md:right-2 pointer-coarse:w-10"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}
