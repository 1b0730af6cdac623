import type { ReactNode } from "react";
import { AimedLink } from "#components/ui/aimed-link.tsx";

type PagePathProps = { parentHref: string; parent: string; children: ReactNode };

/** The title of a page below a list: the list, and what is open of it. On a phone only the latter has room. */
export function PagePath({ parentHref, parent, children }: PagePathProps) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <AimedLink
        href={parentHref}
        className="font-normal text-ink-muted hover:text-ink hover:underline max-sm:hidden"
      >
        {parent}
      </AimedLink>
      <span aria-hidden className="font-normal text-ink-faint max-sm:hidden">
        /
      </span>
      {children}
    </span>
  );
}
