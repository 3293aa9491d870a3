import { ask } from "./dialogs";
import { callEach, JmapError } from "./jmap";
import { byRole, change, destroy, emails, list, loadMailboxes, loadThread, messagesOf, named, selection, threads } from "./mail";
import { go, route } from "./route";
import { failed, say } from "./toast";
import { type Email, type Id, type Mailbox, type Patch } from "./types";
import { t } from "./words";

/** What people do with mail, each with its way back. Threads are the unit; their messages in the open mailbox are what moves. */

/** The threads an action is about. */
export function targets(): Id[] {
  if (selection.value.size > 0) return [...selection.value];
  return route.value.thread ? [route.value.thread] : [];
}

function all(threadIds: Id[]): Email[] {
  return threadIds.flatMap((id) => threads.get(id) ?? []).map((id) => emails.get(id)).filter((email) => email !== undefined);
}

/** Those of the threads that an action takes from where one looks; while searching, all but what is sent, a draft or thrown away. */
function here(threadIds: Id[]): Email[] {
  const mailbox = list.value?.mailbox;
  if (mailbox) return all(threadIds).filter((email) => email.mailboxIds[mailbox.id]);
  const stay = ["sent", "drafts", "trash"].map((role) => byRole(role)?.id);
  return all(threadIds).filter((email) => !Object.keys(email.mailboxIds).every((id) => stay.includes(id)));
}

/** After an action on the open thread: the next one of the list, or the list itself where there is only room for one. */
function advance(threadIds: Id[]): void {
  const open = route.value.thread;
  if (!open || !threadIds.includes(open)) return;
  const shown = list.value;
  const ids = shown?.rows.map((id) => (id === undefined ? undefined : emails.get(id)?.threadId)) ?? [];
  const at = ids.indexOf(open);
  const next = ids.slice(at + 1).find((id) => id && !threadIds.includes(id)) ?? ids.slice(0, Math.max(at, 0)).findLast((id) => id && !threadIds.includes(id));
  go({ thread: innerWidth > 900 && at >= 0 && next ? next : null }, true);
}

/** From where one looks; what is thrown away or spam, and what was found by searching, from everywhere. */
function moved(email: Email, to: Mailbox, keywords: Patch): Patch {
  const patch: Patch = { ...keywords };
  const from = list.value?.mailbox?.id;
  const everywhere = from === undefined || to.role === "trash" || to.role === "junk";
  for (const id of Object.keys(email.mailboxIds)) if (id !== to.id && (everywhere || id === from)) patch[`mailboxIds/${id}`] = null;
  patch[`mailboxIds/${to.id}`] = true;
  return patch;
}

/** A folder of a role, made if the account has none yet. */
export async function needed(role: string, name: string): Promise<Mailbox | undefined> {
  if (!byRole(role)) {
    const answers = await callEach(["Mailbox/set", { create: { new: { name, role, parentId: null } } }]);
    if (answers[0] instanceof JmapError || !answers[0].created?.new) await callEach(["Mailbox/set", { create: { new: { name, parentId: null } } }]);
    await loadMailboxes();
  }
  return byRole(role) ?? named(name);
}

export async function moveTo(threadIds: Id[], to: Mailbox, keywords: Patch = {}, done?: string): Promise<void> {
  const chosen = here(threadIds).filter((email) => !email.mailboxIds[to.id] || list.value?.mailbox);
  if (chosen.length === 0) return;
  advance(threadIds);
  const words = done ?? t("movedTo", { count: threadIds.length, name: mailboxName(to) });
  await change(new Map(chosen.map((email) => [email.id, moved(email, to, keywords)])), words);
}

export async function archive(threadIds: Id[]): Promise<void> {
  const to = await needed("archive", "Archive");
  if (to) await moveTo(threadIds, to, {}, t("archived", { count: threadIds.length }));
}

export async function trash(threadIds: Id[]): Promise<void> {
  const mailbox = list.value?.mailbox;
  if (mailbox?.role === "trash") {
    await removeForGood(threadIds);
    return;
  }
  const to = await needed("trash", "Trash");
  if (to) await moveTo(threadIds, to, {}, t("deleted", { count: threadIds.length }));
}

async function removeForGood(threadIds: Id[]): Promise<void> {
  const ids = here(threadIds).map((email) => email.id);
  if (ids.length === 0 || !(await ask({ title: t("deleteForGood"), text: t("deleteForGoodText", { count: ids.length }), action: t("delete"), danger: true }))) return;
  advance(threadIds);
  // What is in another folder too only leaves this one.
  const elsewhere = here(threadIds).filter((email) => Object.keys(email.mailboxIds).length > 1);
  const only = ids.filter((id) => !elsewhere.some((email) => email.id === id));
  if (elsewhere.length > 0) await change(new Map(elsewhere.map((email) => [email.id, { [`mailboxIds/${list.value?.mailbox?.id}`]: null }])));
  await destroy(only).then(() => say(t("deletedForGood", { count: only.length })), failed);
}

export async function spam(threadIds: Id[]): Promise<void> {
  const to = await needed("junk", "Junk");
  if (to) await moveTo(threadIds, to, { "keywords/$junk": true, "keywords/$notjunk": null }, t("markedSpam", { count: threadIds.length }));
}

export async function notSpam(threadIds: Id[]): Promise<void> {
  const to = byRole("inbox");
  if (to) await moveTo(threadIds, to, { "keywords/$junk": null, "keywords/$notjunk": true }, t("markedNotSpam", { count: threadIds.length }));
}

/** Read and unread come without words unless many change: they are taken back by the same key. */
export async function markSeen(threadIds: Id[], seen: boolean): Promise<void> {
  const chosen = seen ? all(threadIds) : threadIds.map((id) => messagesOf(id).at(-1)).filter((email) => email !== undefined);
  const changed = chosen.filter((email) => Boolean(email.keywords.$seen) !== seen);
  if (changed.length === 0) return;
  const words = threadIds.length > 1 ? t(seen ? "markedRead" : "markedUnread", { count: threadIds.length }) : undefined;
  await change(new Map(changed.map((email) => [email.id, { "keywords/$seen": seen ? true : null }])), words);
}

export async function flag(threadIds: Id[], on: boolean): Promise<void> {
  const chosen = on ? threadIds.map((id) => messagesOf(id).at(-1)).filter((email) => email !== undefined) : all(threadIds);
  const changed = chosen.filter((email) => Boolean(email.keywords.$flagged) !== on);
  const words = threadIds.length > 1 ? t(on ? "flagged" : "unflagged", { count: threadIds.length }) : undefined;
  if (changed.length > 0) await change(new Map(changed.map((email) => [email.id, { "keywords/$flagged": on ? true : null }])), words);
}

export function isUnread(threadId: Id): boolean {
  return messagesOf(threadId).some((email) => !email.keywords.$seen && !email.keywords.$draft);
}

export function isFlagged(threadId: Id): boolean {
  return messagesOf(threadId).some((email) => email.keywords.$flagged);
}

/** Labels are keywords (RFC 8621 §4.1.1): letters, digits and a few signs, case aside. */
export function labelOf(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, "-").replace(/[^a-z0-9._+-]/g, "").slice(0, 64);
}

export function labelsOf(email: Email): string[] {
  return Object.keys(email.keywords).filter((keyword) => /^[a-z0-9]/i.test(keyword) && !/^(nonjunk|junk|notjunk)$/i.test(keyword));
}

export async function label(threadIds: Id[], name: string, on: boolean): Promise<void> {
  for (const id of threadIds) if (!threads.has(id)) await loadThread(id);
  const changed = all(threadIds).filter((email) => Boolean(email.keywords[name]) !== on);
  if (changed.length > 0) await change(new Map(changed.map((email) => [email.id, { [`keywords/${name}`]: on ? true : null }])), t(on ? "labelled" : "unlabelled", { name }));
}

/** A folder's name: the usual ones in the reader's language. */
export function mailboxName(mailbox: Mailbox): string {
  const known: Record<string, string> = { inbox: t("inbox"), drafts: t("drafts"), sent: t("sent"), trash: t("trash"), junk: t("junk"), archive: t("archiveFolder") };
  return (mailbox.role && known[mailbox.role]) || mailbox.name;
}
