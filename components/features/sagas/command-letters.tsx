import { MailWarning, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { letterHref, newReplayHref } from "#components/shell/destinations.ts";
import type { CommandLetterDto, RunActionOfferDto } from "#server/contract/processes.ts";

type CommandLettersProps = {
  action: RunActionOfferDto["action"];
  letters: readonly CommandLetterDto[];
};

/** Where the command of a step lies that a service could not take: a replay may be what is wanted instead. */
export function CommandLetters({ action, letters }: CommandLettersProps) {
  const t = useTranslations("runActions.preview.letters");
  return (
    <section aria-label={t("label")} className="flex flex-col gap-1 border-line border-t pt-2 text-xs">
      <ul className="flex flex-col gap-1">
        {letters.map((letter) => (
          <li key={`${letter.position} ${letter.consumer}`} className="flex flex-wrap items-center gap-x-3">
            <span className="wrap-anywhere text-warn-ink">
              {t(letter.status === "replaying" ? "replaying" : "parked", { consumer: letter.consumer })}
            </span>
            <Link href={letterHref(letter)} prefetch={false} className={LINK}>
              <MailWarning aria-hidden className="size-3.5" />
              {t("open")}
            </Link>
            {letter.status === "replaying" ? null : (
              <Link
                href={newReplayHref({
                  kind: "letters",
                  letters: [{ position: letter.position, consumer: letter.consumer }],
                })}
                prefetch={false}
                className={LINK}
              >
                <RotateCcw aria-hidden className="size-3.5" />
                {t("plan")}
              </Link>
            )}
          </li>
        ))}
      </ul>
      <p className="text-ink-muted">{t(action === "retry" ? "retry" : "skip")}</p>
    </section>
  );
}

const LINK = "inline-flex items-center gap-1 text-accent hover:underline pointer-coarse:min-h-9";
