"use client";

import { Globe, Languages, Monitor, Moon, SlidersHorizontal, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { LOCALE_NAMES, LOCALES } from "#components/i18n/locale.ts";
import { ZONE_CHOICES } from "#components/lib/time-zone.ts";
import { DropdownMenu, MenuRadioGroup, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { THEMES, usePreferences } from "./preferences.tsx";

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };
const THEME_NAMES = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;

/** Theme, language and time zone. */
export function PreferencesMenu() {
  const t = useTranslations("shell.preferences");
  const preferences = usePreferences();
  const zoneNames = {
    local: t("zoneLocal", { zone: preferences.browserZone }),
    utc: t("zoneUtc"),
  };
  return (
    <DropdownMenu
      trigger={<IconButton label={t("title")} icon={<SlidersHorizontal aria-hidden className="size-4" />} />}
    >
      <MenuRadioGroup
        label={t("theme")}
        value={preferences.theme}
        onValueChange={preferences.setTheme}
        options={THEMES.map((value) => {
          const Icon = THEME_ICONS[value];
          return { value, label: t(THEME_NAMES[value]), icon: <Icon aria-hidden /> };
        })}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t("language")}
        value={preferences.locale}
        onValueChange={preferences.setLocale}
        options={LOCALES.map((value) => ({
          value,
          label: LOCALE_NAMES[value],
          lang: value,
          icon: <Languages aria-hidden />,
        }))}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t("zone")}
        value={preferences.zoneChoice}
        onValueChange={preferences.setZoneChoice}
        options={ZONE_CHOICES.map((value) => ({
          value,
          label: zoneNames[value],
          icon: <Globe aria-hidden />,
        }))}
      />
    </DropdownMenu>
  );
}
