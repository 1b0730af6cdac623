/** Takes the reader to the first field of a form that can't be used, once it is drawn as such. */
export function focusFirstInvalid(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>("[aria-invalid='true']");
    field?.focus({ preventScroll: true });
    // What is wrong stands under it, and must not end up behind a foot that stays in view.
    field?.scrollIntoView({ block: "center" });
  });
}
