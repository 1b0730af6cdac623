import type { ReactNode } from "react";

type PageSectionProps = { title: string; actions?: ReactNode; children: ReactNode };

/** A part of a page that is read from top to bottom. */
export function PageSection({ title, actions, children }: PageSectionProps) {
  return (
    <section aria-label={title} className="border-line border-b px-3 py-3 md:px-4">
      <div className="mb-2 flex min-h-6 flex-wrap items-center justify-between gap-2">
        <h2 className="font-medium text-ink-muted text-xs">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
