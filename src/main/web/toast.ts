import { JmapError, OfflineError } from "./jmap";
import { Signal } from "./signal";
import { t } from "./words";

/** What was just done, and how it is taken back. */
export interface Toast {
  id: number;
  text: string;
  undo?: () => unknown;
  bad?: boolean;
}

export const toasts = new Signal<Toast[]>([]);
let next = 1;

/** Shows a line for some seconds; returns its number. */
export function say(text: string, undo?: () => unknown, milliseconds = undo ? 9000 : 4000, bad = false): number {
  const id = next++;
  toasts.value = [...toasts.value.slice(-2), { id, text, undo, bad }];
  setTimeout(() => dismiss(id), milliseconds);
  return id;
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Takes back what was done last, if that is still offered. */
export function undoLast(): boolean {
  const toast = toasts.value.findLast((one) => one.undo);
  if (!toast) return false;
  dismiss(toast.id);
  toast.undo!();
  return true;
}

export function failed(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const text = error instanceof OfflineError ? t("offline") : error instanceof JmapError ? error.message : String(error instanceof Error ? error.message : error);
  say(text, undefined, 8000, true);
}
