import { accountId } from "./jmap";
import { lazy } from "./lazy";
import { messagesOf } from "./mail";
import { route } from "./route";
import { Signal, use } from "./signal";
import type { Draft } from "./draft";
import type { Id } from "./types";

/** What to write; the window for it is fetched when it is first needed. */
export type Request =
  | { kind: "new" }
  | { kind: "mailto"; link: string }
  | { kind: "draft"; id: Id }
  | { kind: "unsent"; draft: Draft }
  | { kind: "reply" | "replyAll" | "forward"; id: Id };

export interface Window {
  key: number;
  request: Request;
}

export const writing = new Signal<Window | null>(null);
/** Told before another window takes the place of the open one, so that nothing typed is lost. */
export const leaving = new Set<() => Promise<void>>();
let next = 1;

const Composer = lazy(() => import("./compose").then((module) => module.Composer));

export function compose(request: Request): void {
  void Promise.all([...leaving].map((save) => save().catch(() => undefined))).then(() => {
    writing.value = { key: next++, request };
  });
}

export function answerTo(kind: "reply" | "replyAll" | "forward", id: Id): void {
  compose({ kind, id });
}

/** Answers the last message of the open conversation. */
export function answer(kind: "reply" | "replyAll" | "forward"): void {
  const thread = route.value.thread;
  const last = thread && messagesOf(thread).findLast((email) => !email.keywords.$draft);
  if (last) answerTo(kind, last.id);
}

export function Composing() {
  const window = use(writing);
  return window ? <Composer key={window.key} request={window.request} close={() => writing.value?.key === window.key && (writing.value = null)} /> : null;
}

function storageKey(): string {
  return `mail.unsent.${accountId()}`;
}

/** Keeps what is typed in this browser until the server has it. */
export function keepUnsent(draft: Draft): void {
  try {
    localStorage.setItem(storageKey(), JSON.stringify(draft));
  } catch {
    // Full or forbidden: the server's copy is there when the connection is.
  }
}

export function forgetUnsent(): void {
  localStorage.removeItem(storageKey());
}

/** Opens again what the connection or the browser did not survive. */
export function restoreUnsent(): void {
  const kept = localStorage.getItem(storageKey());
  if (!kept) return;
  try {
    compose({ kind: "unsent", draft: JSON.parse(kept) });
  } catch {
    forgetUnsent();
  }
}
