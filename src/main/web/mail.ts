import { call, callEach, capability, JmapError, listen, OfflineError, ref } from "./jmap";
import { parseSearch, type Filter } from "./search";
import { Signal } from "./signal";
import { failed, say } from "./toast";
import { t } from "./words";
import { SUBMISSION, type Email, type FullEmail, type Id, type Identity, type Mailbox, type Patch, type Snippet } from "./types";

/** What the webmail knows of the account. Everything here is a copy of what the server said, or what it is about to be told. */
export const mailboxes = new Signal<Mailbox[]>([]);
export const identities = new Signal<Identity[]>([]);
export const emails = new Map<Id, Email>();
export const threads = new Map<Id, Id[]>();
const bodies = new Map<Id, FullEmail>();
/** Touched when emails, threads or a list changed. */
export const data = new Signal(null);

const PAGE = 50;
const MAX_BODY_OCTETS = 1_500_000;
const ROW = ["id", "messageId", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt", "from", "to", "cc", "subject", "preview", "hasAttachment"];
const FULL = [...ROW, "bcc", "replyTo", "sentAt", "inReplyTo", "references", "textBody", "htmlBody", "attachments", "bodyValues",
  "header:List-Id:asText", "header:List-Unsubscribe:asURLs"];

export function byRole(role: string): Mailbox | undefined {
  return mailboxes.value.find((m) => m.role === role);
}

/** A mailbox by the word in the address: its role or its id. */
export function named(word: string | null): Mailbox | undefined {
  return word === null ? undefined : (byRole(word) ?? mailboxes.value.find((m) => m.id === word));
}

/** A query and as much of its result as was looked at: row i is the email that stands for the i-th thread. */
export class ThreadList {
  rows: (Id | undefined)[] = [];
  total: number | null = null;
  snippets = new Map<Id, Snippet>();
  failure: string | null = null;
  #loading = new Set<number>();
  #window: [number, number] = [0, PAGE];

  constructor(
    readonly mailbox: Mailbox | undefined,
    readonly query: string,
  ) {}

  filter(): Filter {
    if (!this.query) return { inMailbox: this.mailbox!.id };
    return parseSearch(this.mailbox && !/(^|\s)in:/.test(this.query) ? `${this.query} in:"${this.mailbox.role ?? this.mailbox.name}"` : this.query, mailboxes.value);
  }

  /** Asks for the rows of a range that are not there yet, a page at a time. */
  show(from: number, to: number): void {
    this.#window = [from, to];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.total !== null && page * PAGE >= this.total) break;
      if (this.#loading.has(page) || this.#complete(page)) continue;
      this.#loading.add(page);
      this.#fetch(page * PAGE, PAGE)
        .catch((error) => this.#failed(error))
        .finally(() => this.#loading.delete(page));
    }
  }

  #complete(page: number): boolean {
    const end = Math.min((page + 1) * PAGE, this.total ?? Infinity);
    for (let i = page * PAGE; i < end; i++) if (this.rows[i] === undefined) return false;
    return this.total !== null;
  }

  #failed(error: unknown): void {
    if (error instanceof OfflineError) return;
    this.failure = error instanceof Error ? error.message : String(error);
    data.touch();
  }

  async #fetch(position: number, limit: number, afresh = false): Promise<void> {
    const filter = this.filter();
    const answers = await call(
      ["Email/query", { filter, sort: [{ property: "receivedAt", isAscending: false }], collapseThreads: true, position, limit, calculateTotal: true }],
      ["Email/get", { "#ids": ref(0, "Email/query", "/ids"), properties: ["threadId"] }],
      ["Thread/get", { "#ids": ref(1, "Email/get", "/list/*/threadId") }],
      ["Email/get", { "#ids": ref(2, "Thread/get", "/list/*/emailIds"), properties: ROW }],
    );
    const [query, , threadAnswer, emailAnswer] = answers;
    remember(threadAnswer.list, emailAnswer.list);
    if (afresh) this.rows = [];
    this.total = query.total;
    this.rows.length = Math.min(this.rows.length, this.total!);
    (query.ids as Id[]).forEach((id, i) => (this.rows[position + i] = id));
    this.failure = null;
    data.touch();
    if (this.query) void this.#mark(filter, query.ids);
  }

  /** The found words, marked by the server (RFC 8621 §5). */
  async #mark(filter: Filter, emailIds: Id[]): Promise<void> {
    const answers = await callEach(["SearchSnippet/get", { filter, emailIds }]).catch(() => [new JmapError("offline", "")]);
    if (answers[0] instanceof JmapError) return;
    for (const snippet of answers[0].list as Snippet[]) this.snippets.set(snippet.emailId, snippet);
    data.touch();
  }

  /** Looks at what is shown again; the rest is asked for when it is scrolled to. */
  async refresh(): Promise<void> {
    const from = Math.floor(this.#window[0] / PAGE) * PAGE;
    await this.#fetch(from, Math.max(PAGE, Math.ceil((this.#window[1] - from) / PAGE) * PAGE), true).catch((error) => this.#failed(error));
  }

  /** Takes threads out before the server has said so. */
  drop(threadIds: Set<Id>): void {
    const before = this.rows.length;
    const kept: (Id | undefined)[] = [];
    for (let i = 0; i < before; i++) {
      const id = this.rows[i];
      if (id === undefined || !threadIds.has(emails.get(id)?.threadId ?? "")) kept.push(id);
    }
    this.rows = kept;
    if (this.total !== null) this.total -= before - kept.length;
  }
}

export const list = new Signal<ThreadList | null>(null);
/** The threads that actions are about; empty: the open one. */
export const selection = new Signal<ReadonlySet<Id>>(new Set());

export function openList(mailbox: Mailbox | undefined, query: string): void {
  if (list.value && list.value.mailbox?.id === mailbox?.id && list.value.query === query) return;
  selection.value = new Set();
  list.value = mailbox || query ? new ThreadList(mailbox, query) : null;
  list.value?.show(0, PAGE);
}

function remember(threadList: { id: Id; emailIds: Id[] }[], emailList: Email[]): void {
  for (const thread of threadList) threads.set(thread.id, thread.emailIds);
  for (const email of emailList) {
    emails.set(email.id, email);
    const known = bodies.get(email.id);
    if (known) bodies.set(email.id, { ...known, keywords: email.keywords, mailboxIds: email.mailboxIds });
  }
}

/** The messages of a thread that are known, oldest first; what is in Trash or Junk only if the open mailbox is that. */
export function messagesOf(threadId: Id): Email[] {
  const hidden = ["trash", "junk"].map(byRole).filter((m) => m && m.id !== list.value?.mailbox?.id).map((m) => m!.id);
  const all = (threads.get(threadId) ?? []).map((id) => emails.get(id)).filter((email) => email !== undefined);
  const shown = all.filter((email) => !Object.keys(email.mailboxIds).every((id) => hidden.includes(id)));
  return once(shown.length > 0 ? shown : all);
}

/** What one sent to oneself or to a list comes back: shown once, as what stands in the open mailbox, else as what was received. */
function once(messages: Email[]): Email[] {
  const sent = byRole("sent")?.id;
  const rank = (email: Email) => (email.mailboxIds[list.value?.mailbox?.id ?? ""] ? 2 : sent && email.mailboxIds[sent] ? 0 : 1);
  const best = new Map<string, Email>();
  for (const email of messages) {
    const known = best.get(email.messageId?.[0] ?? email.id);
    if (!known || rank(email) > rank(known)) best.set(email.messageId?.[0] ?? email.id, email);
  }
  return best.size === messages.length ? messages : messages.filter((email) => best.get(email.messageId?.[0] ?? email.id) === email);
}

export async function loadThread(threadId: Id): Promise<void> {
  const [threadAnswer, emailAnswer] = await call(
    ["Thread/get", { ids: [threadId] }],
    ["Email/get", { "#ids": ref(0, "Thread/get", "/list/*/emailIds"), properties: ROW }],
  );
  remember(threadAnswer.list, emailAnswer.list);
  data.touch();
}

/** A message with its texts; those that were read are kept for the next look. */
export async function loadBody(id: Id): Promise<FullEmail> {
  const known = bodies.get(id);
  if (known) return known;
  const [answer] = await call(["Email/get", { ids: [id], properties: FULL, fetchTextBodyValues: true, fetchHTMLBodyValues: true, maxBodyValueBytes: MAX_BODY_OCTETS }]);
  const email = answer.list[0] as FullEmail | undefined;
  if (!email) throw new JmapError("notFound", t("gone"));
  if (bodies.size > 100) bodies.delete(bodies.keys().next().value!);
  bodies.set(id, email);
  return email;
}

export async function loadMailboxes(): Promise<void> {
  const [answer] = await call(["Mailbox/get", { ids: null }]);
  mailboxes.value = answer.list;
}

export async function loadIdentities(): Promise<void> {
  if (!capability(SUBMISSION)) return;
  const answers = await callEach(["Identity/get", { ids: null }]);
  if (!(answers[0] instanceof JmapError)) identities.value = answers[0].list;
}

/** Everything the first screen needs, and the push that keeps it so; returns what ends it. */
export async function start(): Promise<() => void> {
  await loadMailboxes();
  void loadIdentities().catch(() => undefined);
  void loadScheduled().catch(() => undefined);
  let timer = 0;
  return listen((types) => {
    if ("Identity" in types) void loadIdentities().catch(() => undefined);
    clearTimeout(timer);
    timer = window.setTimeout(() => void sync().catch(() => undefined), 80);
  });
}

/** Mail that waits for its time to be sent, by its email (RFC 8621 §7). */
export interface Scheduled {
  submission: Id;
  sendAt: string;
}

export const scheduled = new Signal<ReadonlyMap<Id, Scheduled>>(new Map());

export async function loadScheduled(): Promise<void> {
  if (!(Number(capability(SUBMISSION)?.maxDelayedSend ?? 0) > 0)) return;
  const answers = await callEach(
    ["EmailSubmission/query", { filter: { undoStatus: "pending", after: new Date().toISOString().replace(/\.\d+/, "") }, limit: 200 }],
    ["EmailSubmission/get", { "#ids": ref(0, "EmailSubmission/query", "/ids"), properties: ["emailId", "sendAt", "undoStatus"] }],
  );
  if (answers[1] instanceof JmapError) return;
  const waiting = (answers[1].list as { id: Id; emailId: Id; sendAt: string; undoStatus: string }[]).filter((one) => one.undoStatus === "pending");
  scheduled.value = new Map(waiting.map((one) => [one.emailId, { submission: one.id, sendAt: one.sendAt }]));
}

let openThread: Id | null = null;
export function watchThread(id: Id | null): void {
  openThread = id;
}

/** New mail of the inbox since the last look, for notifications. */
export const arrived = new Signal<Email[]>([]);

export async function sync(): Promise<void> {
  // What is shown already is not on the server yet; the last change asks.
  if (pending > 0) return;
  const before = byRole("inbox")?.unreadEmails ?? 0;
  const firstBefore = list.value?.mailbox?.role === "inbox" ? list.value.rows[0] : undefined;
  await Promise.all([loadMailboxes(), list.value?.refresh(), openThread ? loadThread(openThread).catch(() => undefined) : undefined]);
  if ((byRole("inbox")?.unreadEmails ?? 0) > before) {
    const first = list.value?.mailbox?.role === "inbox" ? list.value.rows[0] : undefined;
    const email = first && first !== firstBefore ? emails.get(first) : undefined;
    arrived.value = email && !email.keywords.$seen ? [email] : [];
  }
}

function applied(email: Email, patch: Patch): Email {
  const next = { ...email, keywords: { ...email.keywords }, mailboxIds: { ...email.mailboxIds } };
  for (const [path, value] of Object.entries(patch)) {
    const [property, key] = path.split("/") as ["keywords" | "mailboxIds", string];
    if (value === null) delete next[property][unescape(key)];
    else next[property][unescape(key)] = true;
  }
  return next;
}

/** A key in a path (RFC 6901 §3). */
export function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescape(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The patch that takes another back. */
function inverse(email: Email, patch: Patch): Patch {
  return Object.fromEntries(
    Object.keys(patch).map((path) => {
      const [property, key] = path.split("/") as ["keywords" | "mailboxIds", string];
      return [path, email[property][unescape(key)] ? true : null];
    }),
  );
}

/** Changes messages: shown at once, then told to the server; what was done can be taken back for a while if it has words. */
export async function change(patches: Map<Id, Patch>, done?: string): Promise<void> {
  const back = new Map<Id, Patch>();
  for (const [id, patch] of patches) {
    const email = emails.get(id);
    if (!email) continue;
    back.set(id, inverse(email, patch));
    const next = applied(email, patch);
    emails.set(id, next);
    const full = bodies.get(id);
    if (full) bodies.set(id, { ...full, keywords: next.keywords, mailboxIds: next.mailboxIds });
  }
  leaveList();
  data.touch();
  if (done) say(done, () => change(back).then(() => void sync()));
  // One after the other: two requests at once may be carried out in either order, and what was done last must hold.
  pending++;
  told = told.then(() => tell(patches)).catch(failed);
  await told;
  if (--pending === 0) await sync().catch(() => undefined);
}

let pending = 0;
let told: Promise<void> = Promise.resolve();

async function tell(patches: Map<Id, Patch>): Promise<void> {
  for (const ids of chunks([...patches.keys()], 500)) {
    const [answer] = await call(["Email/set", { update: Object.fromEntries(ids.map((id) => [id, patches.get(id)])) }]);
    const refused = Object.values(answer.notUpdated ?? {}) as { type: string; description?: string }[];
    if (refused.length > 0) throw new JmapError(refused[0]!.type, refused[0]!.description ?? refused[0]!.type);
  }
}

/** Takes threads out of the shown list that have nothing in its mailbox any more. */
function leaveList(): void {
  const shown = list.value;
  if (!shown?.mailbox) return;
  const left = new Set<Id>();
  for (const id of shown.rows) {
    const threadId = id === undefined ? undefined : emails.get(id)?.threadId;
    if (threadId !== undefined && !(threads.get(threadId) ?? []).some((member) => emails.get(member)?.mailboxIds[shown.mailbox!.id])) left.add(threadId);
  }
  if (left.size === 0) return;
  shown.drop(left);
  selection.value = new Set([...selection.value].filter((id) => !left.has(id)));
}

/** Removes for good. */
export async function destroy(ids: Id[]): Promise<void> {
  for (const some of chunks(ids, 500)) await call(["Email/set", { destroy: some }]);
  forget(ids);
  await sync().catch(() => undefined);
}

/** Messages that are gone: nobody is to open what is remembered of them. */
export function forget(ids: Id[]): void {
  for (const id of ids) {
    const email = emails.get(id);
    if (email) threads.set(email.threadId, (threads.get(email.threadId) ?? []).filter((member) => member !== id));
    emails.delete(id);
    bodies.delete(id);
  }
  data.touch();
}

export function chunks<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
