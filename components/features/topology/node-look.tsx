"use client";

import { ArrowLeftRight, Boxes, CircleX, type LucideIcon, Moon, Pause, Trash2, Zap } from "lucide-react";
import { useTranslations } from "next-intl";
import { NODE_LOOKS } from "#components/lib/node-kinds.tsx";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { SceneNode, SceneNodeKind } from "./scene.ts";

type Look = {
  icon: LucideIcon;
  /** The icon as a letter. */
  sign: string;
  shape: string;
  ink: string;
  soft: string;
  cssColor: string;
};

const SIGNS: Record<SceneNodeKind, string> = {
  producer: "▸",
  channel: "≡",
  consumer: "●",
  mediator: "♛",
  store: "▤",
  service: "⇄",
  group: "▦",
};

const OTHER_LOOKS: Record<"service" | "group", Omit<Look, "sign">> = {
  // It receives first of all; the sign says that it sends, too.
  service: { ...NODE_LOOKS.consumer, icon: ArrowLeftRight },
  group: {
    icon: Boxes,
    shape: "text-ink-muted",
    ink: "text-ink",
    soft: "bg-sunken",
    cssColor: "var(--control)",
  },
};

export function lookOf(kind: SceneNodeKind): Look {
  const look = kind === "service" || kind === "group" ? OTHER_LOOKS[kind] : NODE_LOOKS[kind];
  return { ...look, sign: SIGNS[kind] };
}

/** The icon of a node of the picture in its colour. Decoration: the words beside it name the kind. */
export function SceneIcon({ kind, className }: { kind: SceneNodeKind; className?: string }) {
  const { icon: Icon, shape } = lookOf(kind);
  return <Icon aria-hidden className={classNames("shrink-0", shape, className ?? "size-3.5")} />;
}

type State = SceneNode["state"];

const STATES: Record<State, { icon: LucideIcon; tone: Tone }> = {
  active: { icon: Zap, tone: "ok" },
  silent: { icon: Moon, tone: "neutral" },
  failing: { icon: CircleX, tone: "danger" },
  paused: { icon: Pause, tone: "warn" },
  removed: { icon: Trash2, tone: "neutral" },
};

/** How a node is, as a word with an icon. */
export function StateBadge({ state }: { state: State }) {
  const t = useTranslations("topology.states");
  const { icon: Icon, tone } = STATES[state];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
      {t(state)}
    </Badge>
  );
}
