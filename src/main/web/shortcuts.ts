import { useEffect } from "preact/hooks";
import { archive, flag, isFlagged, isUnread, markSeen, notSpam, spam, targets, trash } from "./actions";
import { drawerOpen, helpOpen } from "./app";
import { answer, compose } from "./composing";
import { emails, list, selection } from "./mail";
import { go, route } from "./route";
import { Signal } from "./signal";
import { undoLast } from "./toast";
import { t } from "./words";

/** The row that the keys move over; its thread. */
export const cursor = new Signal<number>(-1);

function threadAt(row: number): string | undefined {
  const id = list.value?.rows[row];
  return id === undefined ? undefined : emails.get(id)?.threadId;
}

function step(by: number): void {
  const shown = list.value;
  if (!shown) return;
  const open = route.value.thread;
  const at = open ? shown.rows.findIndex((id) => id !== undefined && emails.get(id)?.threadId === open) : cursor.value;
  const next = Math.max(0, Math.min((shown.total ?? 1) - 1, at + by));
  cursor.value = next;
  const thread = threadAt(next);
  if (open && thread) go({ thread }, true);
}

export function toggleSelected(threadId: string): void {
  const next = new Set(selection.value);
  if (!next.delete(threadId)) next.add(threadId);
  selection.value = next;
}

function current(): string[] {
  const chosen = targets();
  if (chosen.length > 0) return chosen;
  const thread = threadAt(cursor.value);
  return thread ? [thread] : [];
}

function seen(): void {
  const ids = current();
  void markSeen(ids, ids.some(isUnread));
}

const KEYS: Record<string, { words: () => string; act: () => void }> = {
  j: { words: () => t("keyNext"), act: () => step(1) },
  k: { words: () => t("keyPrevious"), act: () => step(-1) },
  Enter: {
    words: () => t("keyOpen"),
    act: () => {
      const thread = threadAt(cursor.value);
      if (thread) go({ thread });
    },
  },
  u: { words: () => t("keyBack"), act: () => go({ thread: null }) },
  x: { words: () => t("keySelect"), act: () => { const thread = route.value.thread ?? threadAt(cursor.value); if (thread) toggleSelected(thread); } },
  e: { words: () => t("archive"), act: () => void archive(current()) },
  "#": { words: () => t("delete"), act: () => void trash(current()) },
  s: { words: () => t("flag"), act: () => { const ids = current(); void flag(ids, !ids.every(isFlagged)); } },
  m: { words: () => t("keySeen"), act: seen },
  "!": { words: () => t("spam"), act: () => void (list.value?.mailbox?.role === "junk" ? notSpam(current()) : spam(current())) },
  z: { words: () => t("undo"), act: () => void undoLast() },
  c: { words: () => t("compose"), act: () => compose({ kind: "new" }) },
  r: { words: () => t("reply"), act: () => answer("reply") },
  a: { words: () => t("replyAll"), act: () => answer("replyAll") },
  f: { words: () => t("forward"), act: () => answer("forward") },
  "/": { words: () => t("searchMail"), act: () => document.getElementById("search")?.focus() },
  "g i": { words: () => t("inbox"), act: () => go({ view: "mail", mailbox: "inbox", thread: null, query: "" }) },
  "g d": { words: () => t("drafts"), act: () => go({ view: "mail", mailbox: "drafts", thread: null, query: "" }) },
  "g s": { words: () => t("sent"), act: () => go({ view: "mail", mailbox: "sent", thread: null, query: "" }) },
  "g a": { words: () => t("archiveFolder"), act: () => go({ view: "mail", mailbox: "archive", thread: null, query: "" }) },
  "?": { words: () => t("shortcuts"), act: () => (helpOpen.value = true) },
};

export function shortcuts(): { keys: string; words: string }[] {
  return Object.entries(KEYS).map(([keys, { words }]) => ({ keys, words: words() }));
}

export function useShortcuts(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    let before = "";
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target.closest("input, textarea, select, [contenteditable], dialog, .menu")) return;
      if (event.key === "Escape") {
        if (drawerOpen.value) drawerOpen.value = false;
        else if (selection.value.size > 0) selection.value = new Set();
        else if (route.value.thread) go({ thread: null });
        return;
      }
      // Enter on a link or button is theirs.
      if (event.key === "Enter" && target.closest("a, button, summary")) return;
      const chord = before === "g" ? `g ${event.key}` : event.key;
      before = event.key === "g" ? "g" : "";
      const found = Object.hasOwn(KEYS, chord) ? KEYS[chord] : undefined;
      if (!found || (route.value.view !== "mail" && !chord.startsWith("g") && chord !== "?")) return;
      event.preventDefault();
      found.act();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [ready]);
}
