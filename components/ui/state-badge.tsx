import type { LucideIcon } from "lucide-react";
import { Badge, type Tone } from "./badge.tsx";

export type StateLook = { icon: LucideIcon; tone: Tone };

type StateBadgeProps = { look: StateLook; label: string; hint: string };

/** How something is, as a word with an icon; what that means is its title. */
export function StateBadge({ look: { icon: Icon, tone }, label, hint }: StateBadgeProps) {
  return (
    <span title={hint} className="inline-flex">
      <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
        {label}
      </Badge>
    </span>
  );
}
