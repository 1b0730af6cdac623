import type { Tone } from "./badge.tsx";

export type Toast = {
  id: number;
  title: string;
  description?: string | undefined;
  tone: Exclude<Tone, "neutral" | "accent">;
  action?: { label: string; run: () => void } | undefined;
};

/** More than this at once can't be read; the oldest goes. */
const MAX_TOASTS = 4;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function setToasts(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in a corner that something happened. For what a person must see, use a notice in the page. */
export function showToast(toast: Omit<Toast, "id" | "tone"> & { tone?: Toast["tone"] }): number {
  const id = nextId++;
  const added: Toast = { ...toast, tone: toast.tone ?? "info", id };
  setToasts([...toasts, added].slice(-MAX_TOASTS));
  return id;
}

export function dismissToast(id: number): void {
  setToasts(toasts.filter((toast) => toast.id !== id));
}

export function getToasts(): readonly Toast[] {
  return toasts;
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
