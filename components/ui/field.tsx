import { type ReactNode, useId } from "react";

type FieldIds = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Renders the control with the ids that tie it to its label, hint and error. */
  children: (ids: FieldIds) => ReactNode;
};

/** A control with its label, and under it the hint or what is wrong. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = hint !== undefined || error !== undefined;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-ink-muted text-xs">
        {label}
      </label>
      {children({
        id,
        ...(hasNote && { "aria-describedby": noteId }),
        ...(error !== undefined && { "aria-invalid": true }),
      })}
      {hasNote ? (
        <p id={noteId} className={error === undefined ? "text-ink-faint text-xs" : "text-danger-ink text-xs"}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}
