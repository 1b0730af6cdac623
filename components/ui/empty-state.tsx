import type { ReactNode } from "react";

type EmptyStateProps = {
  title: string;
  icon?: ReactNode;
  /** What a person can do or should know: why it is empty and that this can be believed. */
  children?: ReactNode;
  actions?: ReactNode;
};

export function EmptyState({ title, icon, children, actions }: EmptyStateProps) {
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col items-center gap-2 px-4 py-14 text-center">
      {icon === undefined ? null : (
        <span aria-hidden className="mb-1 text-ink-faint [&>svg]:size-6">
          {icon}
        </span>
      )}
      <h2 className="font-medium text-base">{title}</h2>
      {children === undefined ? null : (
        <div className="w-full text-balance text-ink-muted text-sm">{children}</div>
      )}
      {actions === undefined ? null : (
        <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>
      )}
    </div>
  );
}
