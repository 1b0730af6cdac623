"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { AimedLink } from "#components/ui/aimed-link.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { isInRoom, ROOM_GROUPS, type Room } from "./rooms.ts";
import { useWindowKeeper } from "./use-window-keeper.ts";

type NavigationProps = { isNarrow: boolean; onNavigate?: () => void };

/** The rooms in their groups. A room that leads nowhere is named and explained, but is no link. */
export function Navigation({ isNarrow, onNavigate }: NavigationProps) {
  const t = useTranslations("shell");
  return (
    <nav aria-label={t("navigation")} className="flex flex-col gap-3 px-2 py-2">
      {ROOM_GROUPS.map((group) => (
        <div key={group.id}>
          {isNarrow ? null : (
            <div aria-hidden className="px-2 pb-1 font-medium text-2xs text-ink-faint">
              {t(`groups.${group.id}`)}
            </div>
          )}
          <ul aria-label={t(`groups.${group.id}`)} className="flex flex-col gap-px">
            {group.rooms.map((room) => (
              <li key={room.id}>
                {room.href === null ? (
                  <ClosedRoom room={room} isNarrow={isNarrow} />
                ) : (
                  <OpenRoom room={room} href={room.href} isNarrow={isNarrow} onNavigate={onNavigate} />
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const ENTRY = "flex h-7 items-center gap-2 rounded-md px-2 text-sm pointer-coarse:h-10";

type OpenRoomProps = {
  room: Room;
  href: NonNullable<Room["href"]>;
  isNarrow: boolean;
  onNavigate: (() => void) | undefined;
};

function OpenRoom({ room, href, isNarrow, onNavigate }: OpenRoomProps) {
  const t = useTranslations("shell.rooms");
  const isCurrent = isInRoom(usePathname(), href);
  const keepWindow = useWindowKeeper();
  const title = t(`${room.id}.title`);
  const link = (
    <AimedLink
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={isNarrow ? title : undefined}
      onClick={(event) => {
        if (!isCurrent) keepWindow(event, href);
        onNavigate?.();
      }}
      className={classNames(
        ENTRY,
        isCurrent
          ? "bg-selected font-medium text-ink [&>svg]:text-accent"
          : "text-ink hover:bg-hover [&>svg]:text-ink-muted",
      )}
    >
      <room.icon aria-hidden className="size-4 shrink-0" />
      {isNarrow ? null : <span className="truncate">{title}</span>}
    </AimedLink>
  );
  if (!isNarrow) return link;
  return (
    <Tooltip content={title} keys={`g ${room.letter}`} side="right">
      {link}
    </Tooltip>
  );
}

function ClosedRoom({ room, isNarrow }: { room: Room; isNarrow: boolean }) {
  const t = useTranslations("shell");
  const title = t(`rooms.${room.id}.title`);
  const explanation = (
    <span className="flex flex-col gap-0.5 py-0.5">
      <span className="font-medium">{t("comingTitle", { room: title })}</span>
      <span className="text-ink-muted">{t(`rooms.${room.id}.hint`)}</span>
    </span>
  );
  return (
    <Tooltip content={explanation} side="right">
      {/* biome-ignore lint/a11y/useValidAnchor: a link without address is how HTML says that a link is disabled */}
      <a
        role="link"
        aria-disabled="true"
        aria-label={title}
        aria-description={t(`rooms.${room.id}.hint`)}
        className={classNames(ENTRY, "cursor-default text-ink-faint [&>svg]:opacity-60")}
      >
        <room.icon aria-hidden className="size-4 shrink-0" />
        {isNarrow ? null : <span className="truncate">{title}</span>}
      </a>
    </Tooltip>
  );
}
