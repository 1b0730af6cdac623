/**
 * Where the focus goes when a layer opens: to its first field, else to the layer itself. Never to the cross,
 * whose tooltip would cover what was opened. For Radix's `onOpenAutoFocus`.
 */
export function focusFirstField(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const field = event.currentTarget.querySelector<HTMLElement>(
    "input:not([disabled]), textarea:not([disabled]), [role='combobox']:not([disabled])",
  );
  (field ?? event.currentTarget).focus();
}
