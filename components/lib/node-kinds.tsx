import { Cog, Crown, Database, type LucideIcon, RadioTower, Rows4 } from "lucide-react";
import { classNames } from "#components/ui/class-names.ts";

export const NODE_KINDS = ["producer", "channel", "consumer", "mediator", "store"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

type NodeLook = {
  icon: LucideIcon;
  /** The colour of the shape, of text, and the tint behind them. */
  shape: string;
  ink: string;
  soft: string;
  /** The colour as a CSS value, for canvas and SVG. */
  cssColor: string;
};

/** How each kind of node looks everywhere: an icon of its own, and a colour that never means anything else. */
export const NODE_LOOKS: Record<NodeKind, NodeLook> = {
  producer: {
    icon: RadioTower,
    shape: "text-producer",
    ink: "text-producer-ink",
    soft: "bg-producer-soft",
    cssColor: "var(--producer)",
  },
  channel: {
    icon: Rows4,
    shape: "text-channel",
    ink: "text-channel-ink",
    soft: "bg-channel-soft",
    cssColor: "var(--channel)",
  },
  consumer: {
    icon: Cog,
    shape: "text-consumer",
    ink: "text-consumer-ink",
    soft: "bg-consumer-soft",
    cssColor: "var(--consumer)",
  },
  mediator: {
    icon: Crown,
    shape: "text-mediator",
    ink: "text-mediator-ink",
    soft: "bg-mediator-soft",
    cssColor: "var(--mediator)",
  },
  store: {
    icon: Database,
    shape: "text-store",
    ink: "text-store-ink",
    soft: "bg-store-soft",
    cssColor: "var(--store)",
  },
};

/** The icon of a kind of node in its colour. Decoration: the words beside it name the kind. */
export function NodeIcon({ kind, className }: { kind: NodeKind; className?: string }) {
  const { icon: Icon, shape } = NODE_LOOKS[kind];
  return <Icon aria-hidden className={classNames("shrink-0", shape, className ?? "size-3.5")} />;
}
