import type { ReactNode } from "react";

/** Fields of a form that belong together, under what they are about. */
export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 border-line border-t pt-3 first:border-t-0 first:pt-0">
      <legend className="float-left w-full font-medium text-sm">{title}</legend>
      {children}
    </fieldset>
  );
}
