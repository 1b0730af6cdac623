"use client";

import { Command, defaultFilter } from "cmdk";
import {
  CornerDownLeft,
  Globe,
  Keyboard,
  Languages,
  Layers,
  MailWarning,
  RotateCcw,
  Search,
  Split,
  SunMoon,
  Waypoints,
  Workflow,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { LOCALE_NAMES, LOCALES } from "#components/i18n/locale.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { DEAD_LETTER_TABS } from "./dead-letter-tabs.tsx";
import { readLookups, traceHref } from "./destinations.ts";
import { FOUND, PaletteFlows, PaletteSagas } from "./palette-found.tsx";
import { Group, Item } from "./palette-item.tsx";
import { THEMES, usePreferences } from "./preferences.tsx";
import { OPEN_ROOMS } from "./rooms.ts";
import { useShell } from "./shell-context.tsx";
import { usePaletteFlows, usePaletteSagas } from "./use-palette-sagas.ts";

const THEME_NAMES = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;
const LOOKUP_NAMES = {
  case: "caseByNumber",
  replay: "replayByNumber",
  position: "eventByPosition",
  saga: "sagaByKey",
  id: "eventById",
  flow: "flowById",
  trace: "traceById",
  streams: "streamsById",
  payload: "eventsByText",
} as const;
const LOOKUP_ICONS = {
  case: MailWarning,
  replay: RotateCcw,
  position: CornerDownLeft,
  saga: Split,
  id: CornerDownLeft,
  flow: Workflow,
  trace: Waypoints,
  streams: Layers,
  payload: Search,
};

/** One box to go anywhere: pages, preferences, and events and flows by what a log line says of them. */
export function CommandPalette() {
  const t = useTranslations("shell");
  const { layer, setLayer } = useShell();
  const [text, setText] = useState("");
  const sagas = usePaletteSagas(text);
  const flows = usePaletteFlows(text, sagas);
  const [first = flows[0]] = sagas.map(({ saga }) => saga.reference);
  const [picked, setPicked] = usePicked(first === undefined ? undefined : traceHref(first));
  const close = () => {
    setLayer(null);
    setText("");
  };
  return (
    <Command.Dialog
      open={layer === "palette"}
      onOpenChange={(isOpen) => (isOpen ? setLayer("palette") : close())}
      label={t("palette.title")}
      filter={rankItem}
      value={picked}
      onValueChange={setPicked}
      overlayClassName="fixed inset-0 z-40 animate-enter bg-scrim"
      contentClassName="fixed top-[10vh] left-1/2 z-40 w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-raised outline-none"
      loop
    >
      <div className="flex items-center gap-2 border-line border-b px-3">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder={t("palette.placeholder")}
          className="h-11 w-full min-w-0 bg-transparent text-base outline-none placeholder:text-ink-faint"
        />
        <Kbd keys="escape" />
      </div>
      <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5 [scroll-padding-block:0.5rem]">
        <Command.Empty className="px-2 py-6 text-center text-ink-muted">{t("palette.empty")}</Command.Empty>
        <Pages onDone={close} />
        <Settings onDone={close} />
        <PaletteSagas found={sagas} onDone={close} />
        <PaletteFlows found={flows} onDone={close} />
        <Lookups text={text} found={flows.map(traceHref)} onDone={close} />
      </Command.List>
    </Command.Dialog>
  );
}

const LOOKUP = "look up ";
/** Less than this is a name that has the letters of the text somewhere, as most names have. */
const WEAK_RANK = 0.3;
const FOUND_RANK = 0.301;

/** Names that fit come first, then what was found, then what can be looked up. */
function rankItem(value: string, text: string): number {
  if (value.startsWith(FOUND)) return FOUND_RANK;
  if (value.startsWith(LOOKUP)) return WEAK_RANK;
  const rank = defaultFilter(value, text);
  return rank > WEAK_RANK ? rank : 0;
}

type GroupProps = { onDone: () => void };

function Lookups({ text, found, onDone }: GroupProps & { text: string; found: readonly string[] }) {
  const t = useTranslations("shell.palette");
  const router = useRouter();
  const lookups = readLookups(text).filter(({ href }) => !found.includes(href));
  if (lookups.length === 0) return null;
  return (
    <Group heading={t("lookUp")}>
      {lookups.map(({ kind, value, href }) => {
        const Icon = LOOKUP_ICONS[kind];
        return (
          <Item
            key={kind}
            value={`${LOOKUP}${kind}`}
            icon={<Icon aria-hidden />}
            onSelect={() => {
              onDone();
              router.push(href);
            }}
          >
            {t(LOOKUP_NAMES[kind], { value })}
          </Item>
        );
      })}
    </Group>
  );
}

/** What the next Enter goes to. What is found while something to look up was marked is marked instead. */
function usePicked(found: string | undefined) {
  const [picked, setPicked] = useState("");
  const [last, setLast] = useState(found);
  if (found !== last) {
    setLast(found);
    if (found !== undefined && picked.startsWith(LOOKUP)) setPicked(`${FOUND}${found}`);
  }
  return [picked, setPicked] as const;
}

function Pages({ onDone }: GroupProps) {
  const t = useTranslations("shell");
  const tabs = useTranslations("deadLetters.tabs");
  const router = useRouter();
  return (
    <Group heading={t("palette.goTo")}>
      {OPEN_ROOMS.map((room) => (
        <Item
          key={room.id}
          value={`${t(`rooms.${room.id}.title`)} ${room.id}`}
          icon={<room.icon aria-hidden />}
          keys={`g ${room.letter}`}
          onSelect={() => {
            onDone();
            router.push(room.href);
          }}
        >
          {t(`rooms.${room.id}.title`)}
        </Item>
      ))}
      {DEAD_LETTER_TABS.slice(1).map(({ id, href, search }) => (
        <Item
          key={id}
          value={`${t("rooms.deadLetters.title")} ${tabs(id)} ${id}`}
          icon={<MailWarning aria-hidden />}
          onSelect={() => {
            onDone();
            router.push(`${href}${search}`);
          }}
        >
          {t("palette.pageOf", { room: t("rooms.deadLetters.title"), page: tabs(id) })}
        </Item>
      ))}
    </Group>
  );
}

function Settings({ onDone }: GroupProps) {
  const t = useTranslations("shell");
  const { setLayer } = useShell();
  const preferences = usePreferences();
  const run = (change: () => void) => () => {
    onDone();
    change();
  };
  return (
    <Group heading={t("palette.settings")}>
      {THEMES.map((theme) => (
        <Item
          key={theme}
          value={`theme ${theme} ${t(`preferences.${THEME_NAMES[theme]}`)}`}
          icon={<SunMoon aria-hidden />}
          onSelect={run(() => preferences.setTheme(theme))}
        >
          {t("palette.themeTo", { name: t(`preferences.${THEME_NAMES[theme]}`) })}
        </Item>
      ))}
      {LOCALES.map((locale) => (
        <Item
          key={locale}
          value={`language 言語 ${LOCALE_NAMES[locale]}`}
          icon={<Languages aria-hidden />}
          onSelect={run(() => preferences.setLocale(locale))}
        >
          {t("palette.languageTo", { name: LOCALE_NAMES[locale] })}
        </Item>
      ))}
      <Item
        value="time zone utc"
        icon={<Globe aria-hidden />}
        onSelect={run(() => preferences.setZoneChoice("utc"))}
      >
        {t("palette.zoneTo", { name: t("preferences.zoneUtc") })}
      </Item>
      <Item
        value="time zone local browser"
        icon={<Globe aria-hidden />}
        onSelect={run(() => preferences.setZoneChoice("local"))}
      >
        {t("palette.zoneTo", { name: t("preferences.zoneLocal", { zone: preferences.browserZone }) })}
      </Item>
      <Item
        value={`keyboard shortcuts help ${t("palette.shortcuts")}`}
        icon={<Keyboard aria-hidden />}
        keys="?"
        onSelect={run(() => setLayer("help"))}
      >
        {t("palette.shortcuts")}
      </Item>
    </Group>
  );
}
