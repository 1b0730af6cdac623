"use client";

import { useTranslations } from "next-intl";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { useActiveShortcuts } from "#components/ui/shortcuts.tsx";
import { useShell } from "./shell-context.tsx";

const GROUPS = ["page", "general", "goTo"] as const;

/** Every key that works on this page right now. */
export function ShortcutHelp() {
  const t = useTranslations("shell.shortcuts");
  const { layer, setLayer } = useShell();
  const shortcuts = useActiveShortcuts();
  return (
    <Dialog
      open={layer === "help"}
      onOpenChange={(isOpen) => setLayer(isOpen ? "help" : null)}
      title={t("title")}
      description={t("description")}
    >
      <div className="flex flex-col gap-4">
        {GROUPS.map((group) => {
          const ofGroup = shortcuts.filter((each) => each.group === group);
          if (ofGroup.length === 0) return null;
          return (
            <section key={group}>
              <h3 className="mb-1 font-medium text-2xs text-ink-faint">{t(group)}</h3>
              <dl className="grid grid-cols-[1fr_auto]">
                {ofGroup.map((shortcut) => (
                  <div
                    key={shortcut.keys}
                    className="col-span-2 grid grid-cols-subgrid border-line border-b py-1"
                  >
                    <dt>{shortcut.label}</dt>
                    <dd className="justify-self-end">
                      <Kbd keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
