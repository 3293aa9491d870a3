import DOMPurify from "dompurify";
import { longDate, nameOf, parseAddresses, written } from "./format";
import { call, JmapError } from "./jmap";
import { byRole, forget, identities, loadBody } from "./mail";
import { needed } from "./actions";
import { htmlToText, QUOTABLE } from "./quote";
import { attachmentsOf, fileName } from "./attachments";
import type { Request } from "./composing";
import type { Address, BodyPart, FullEmail, Id, Identity } from "./types";
import { t } from "./words";

export interface Attached {
  key: string;
  name: string;
  type: string;
  size: number;
  blobId: Id | null;
  /** Set for a picture within the text. */
  cid: string | null;
  share: number;
  failure?: string;
}

/** A message being written. */
export interface Draft {
  identityId: Id | null;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  html: string;
  /** What stands in the plain editor; null while writing rich text. */
  text: string | null;
  attached: Attached[];
  inReplyTo: string[] | null;
  references: string[] | null;
  /** The message this answers, and the keyword it then gets. */
  source: { id: Id; keyword: "$answered" | "$forwarded" } | null;
  /** The server's copy. */
  savedAs: Id | null;
}

export function emptyDraft(): Draft {
  return { identityId: identities.value[0]?.id ?? null, to: [], cc: [], bcc: [], subject: "", html: "", text: null, attached: [], inReplyTo: null, references: null, source: null, savedAs: null };
}

export async function draftFor(request: Request, plain: boolean): Promise<Draft> {
  switch (request.kind) {
    case "new":
      return withSignature(emptyDraft(), plain);
    case "unsent":
      return request.draft;
    case "mailto":
      return withSignature(fromMailto(request.link, plain), plain);
    case "draft":
      return fromDraft(await loadBody(request.id));
    default:
      return fromMessage(request.kind, await loadBody(request.id), plain);
  }
}

/** RFC 6068: what a mailto: link may set is what one sees before sending; nothing else. */
function fromMailto(link: string, plain: boolean): Draft {
  const draft = emptyDraft();
  const url = new URL(link);
  const of = (key: string) => [...url.searchParams].filter(([name]) => name.toLowerCase() === key).map(([, value]) => value);
  draft.to = parseAddresses([decodeURIComponent(url.pathname), ...of("to")].join(","));
  draft.cc = parseAddresses(of("cc").join(","));
  draft.bcc = parseAddresses(of("bcc").join(","));
  draft.subject = of("subject").join(" ").replace(/[\r\n]+/g, " ");
  const body = of("body").join("\n");
  if (plain) draft.text = body;
  else draft.html = textToHtml(body);
  return draft;
}

export function textToHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.split(/\r?\n/).map((line) => `<p>${line || "<br>"}</p>`).join("");
}

function withSignature(draft: Draft, plain: boolean): Draft {
  const identity = identities.value.find((one) => one.id === draft.identityId);
  if (plain) draft.text = `${draft.text ?? ""}${signatureText(identity)}`;
  else draft.html = `${draft.html || "<p></p>"}${signatureHtml(identity)}`;
  return draft;
}

export function signatureText(identity: Identity | undefined): string {
  return identity?.textSignature ? `\n\n-- \n${identity.textSignature}` : "";
}

export function signatureHtml(identity: Identity | undefined): string {
  const html = identity?.htmlSignature || (identity?.textSignature ? textToHtml(identity.textSignature) : "");
  return html ? `<div data-signature="">${DOMPurify.sanitize(html, QUOTABLE)}</div>` : "";
}

function same(a: Address, b: Address): boolean {
  return a.email.toLowerCase() === b.email.toLowerCase();
}

function isOwn(address: Address): boolean {
  return identities.value.some((identity) => same(identity, address));
}

function without(all: Address[], others: Address[]): Address[] {
  return all.filter((address, i) => !others.some((other) => same(other, address)) && all.findIndex((one) => same(one, address)) === i);
}

async function fromMessage(kind: "reply" | "replyAll" | "forward", email: FullEmail, plain: boolean): Promise<Draft> {
  const draft = emptyDraft();
  const forward = kind === "forward";
  const got = [...(email.to ?? []), ...(email.cc ?? [])];
  draft.identityId = identities.value.find((identity) => got.some((address) => same(identity, address)))?.id ?? draft.identityId;
  if (!forward) {
    const own = (email.from ?? []).some(isOwn);
    draft.to = own ? (email.to ?? []) : email.replyTo?.length ? email.replyTo : (email.from ?? []);
    if (kind === "replyAll") draft.cc = without(got.filter((address) => !isOwn(address)), draft.to);
    draft.inReplyTo = email.messageId;
    draft.references = [...(email.references ?? email.inReplyTo ?? []), ...(email.messageId ?? [])].slice(-50);
  }
  const prefix = forward ? "Fwd: " : "Re: ";
  const bare = email.subject ?? "";
  draft.subject = (forward ? /^\s*(fwd?|wg)\s*:/i : /^\s*(re|aw)\s*:/i).test(bare) ? bare : prefix + bare;
  draft.source = { id: email.id, keyword: forward ? "$forwarded" : "$answered" };
  const attachments = forward ? attachmentsOf(email) : [];
  draft.attached = attachments.map((part, i) => ({ key: part.blobId!, name: fileName(part, i), type: part.type, size: part.size, blobId: part.blobId, cid: null, share: 1 }));
  const identity = identities.value.find((one) => one.id === draft.identityId);
  if (plain) draft.text = `\n${signatureText(identity)}\n\n${quotedText(email, forward)}`;
  else {
    draft.html = `<p></p>${signatureHtml(identity)}${quotedHtml(email, forward)}`;
    draft.attached.push(...inlineParts(email));
  }
  return draft;
}

/** The pictures within a message's text, so that they go on standing in its quote. */
function inlineParts(email: FullEmail): Attached[] {
  const shown = new Set(attachmentsOf(email).map((part) => part.blobId));
  return email.attachments.filter((part) => part.cid && part.blobId && !shown.has(part.blobId))
    .map((part) => ({ key: part.blobId!, name: part.name ?? "picture", type: part.type, size: part.size, blobId: part.blobId, cid: part.cid, share: 1 }));
}

function introduction(email: FullEmail, forward: boolean): string[] {
  const date = longDate(email.sentAt ?? email.receivedAt);
  if (!forward) return [t("wrote", { date, name: (email.from ?? []).map(nameOf).join(", ") })];
  const line = (name: string, addresses: Address[] | null) => (addresses?.length ? [`${name}: ${addresses.map(written).join(", ")}`] : []);
  return [`---------- ${t("forwardedMessage")} ----------`, ...line(t("from"), email.from), `${t("date")}: ${date}`, `${t("subject")}: ${email.subject ?? ""}`, ...line(t("to"), email.to), ...line("Cc", email.cc)];
}

function textOf(email: FullEmail): string {
  const plain = email.textBody.filter((part) => part.type === "text/plain");
  const parts = plain.length > 0 ? plain : email.textBody;
  return parts.map((part) => {
    const value = part.partId ? (email.bodyValues[part.partId]?.value ?? "") : "";
    return part.type === "text/html" ? htmlToText(value) : value;
  }).join("\n").replaceAll("\r\n", "\n").trimEnd();
}

function quotedText(email: FullEmail, forward: boolean): string {
  const text = textOf(email);
  return [...introduction(email, forward), ...(forward ? ["", text] : text.split("\n").map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`)))].join("\n");
}

/** The original as it is, but for what could run; an opaque block in the editor. */
function quotedHtml(email: FullEmail, forward: boolean): string {
  const html = email.htmlBody.map((part) => {
    const value = part.partId ? (email.bodyValues[part.partId]?.value ?? "") : "";
    return part.type === "text/html" ? DOMPurify.sanitize(value, QUOTABLE) : textToHtml(value);
  }).join("");
  const intro = introduction(email, forward).map((line) => textToHtml(line)).join("");
  return `${intro}<blockquote type="cite"${forward ? ' class="forwarded"' : ""}>${html}</blockquote>`;
}

function fromDraft(email: FullEmail): Draft {
  const draft = emptyDraft();
  const from = email.from?.[0];
  draft.identityId = identities.value.find((identity) => from && same(identity, from))?.id ?? draft.identityId;
  draft.to = email.to ?? [];
  draft.cc = email.cc ?? [];
  draft.bcc = email.bcc ?? [];
  draft.subject = email.subject ?? "";
  draft.inReplyTo = email.inReplyTo;
  draft.references = email.references;
  draft.savedAs = email.id;
  const html = email.htmlBody.find((part) => part.type === "text/html");
  if (html?.partId) draft.html = email.bodyValues[html.partId]?.value ?? "";
  else draft.text = textOf(email);
  draft.attached = [
    ...attachmentsOf(email).map((part, i) => ({ key: part.blobId!, name: fileName(part, i), type: part.type, size: part.size, blobId: part.blobId, cid: null, share: 1 })),
    ...inlineParts(email),
  ];
  return draft;
}

/** Makes the server's copy, in place of the one before; both programs and IMAP see it in Drafts. */
export async function save(draft: Draft, plainText: string): Promise<Id> {
  const drafts = await needed("drafts", "Drafts");
  if (!drafts) throw new JmapError("notFound", t("noDrafts"));
  const identity = identities.value.find((one) => one.id === draft.identityId);
  const email: Record<string, unknown> = {
    mailboxIds: { [drafts.id]: true },
    keywords: { $draft: true, $seen: true },
    from: identity ? [{ name: identity.name || null, email: identity.email }] : null,
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject,
    textBody: [{ partId: "text", type: "text/plain" }],
    bodyValues: { text: { value: plainText } },
  };
  if (identity?.replyTo?.length) email.replyTo = identity.replyTo;
  if (draft.inReplyTo) email.inReplyTo = draft.inReplyTo;
  if (draft.references?.length) email.references = draft.references;
  if (draft.text === null) {
    email.htmlBody = [{ partId: "html", type: "text/html" }];
    (email.bodyValues as Record<string, unknown>).html = { value: `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${draft.html}</body></html>` };
  }
  const attachments = draft.attached.filter((one) => one.blobId && (!one.cid || (draft.text === null && draft.html.includes(`cid:${one.cid}`))));
  if (attachments.length > 0) {
    email.attachments = attachments.map((one) => ({ blobId: one.blobId, type: one.type, name: one.name, disposition: one.cid ? "inline" : "attachment", ...(one.cid ? { cid: one.cid } : {}) }));
  }
  const [answer] = await call(["Email/set", { create: { draft: email } }]);
  const refused = answer.notCreated?.draft as { type: string; description?: string } | undefined;
  if (refused) throw new JmapError(refused.type, refused.description ?? refused.type);
  const id = answer.created.draft.id as Id;
  await replaced(draft, id);
  return id;
}

/**
 * Removes the copy before, only now that the new one is there. Files that stood in the old copy are from now on those of the new one: with the
 * old message its parts are gone.
 */
async function replaced(draft: Draft, id: Id): Promise<void> {
  const before = draft.savedAs;
  draft.savedAs = id;
  const [answer] = await call(["Email/get", { ids: before ? [id, before] : [id], properties: ["attachments", "keywords"] }]);
  const found = new Map((answer.list as (FullEmail & { id: Id })[]).map((email) => [email.id, email]));
  // Another program may have sent it meanwhile: then it is no draft any more, and stays.
  if (before && found.get(before)?.keywords.$draft) {
    await call(["Email/set", { destroy: [before] }]);
    forget([before]);
  }
  const parts: BodyPart[] = [...(found.get(id)?.attachments ?? [])];
  for (const one of draft.attached) {
    const at = parts.findIndex((part) => (one.cid ? part.cid === one.cid : part.name === one.name && part.type === one.type));
    if (at >= 0 && one.blobId) one.blobId = parts.splice(at, 1)[0]!.blobId;
  }
}

/** Hands a saved draft to be sent: it moves from Drafts to Sent as the server takes it. */
export async function submit(draft: Draft, at?: Date): Promise<Id> {
  const sent = await needed("sent", "Sent");
  const drafts = byRole("drafts");
  const identity = identities.value.find((one) => one.id === draft.identityId);
  if (!identity) throw new JmapError("notFound", t("noIdentity"));
  const all = without([...draft.to, ...draft.cc, ...draft.bcc], []);
  const envelope = at ? { mailFrom: { email: identity.email, parameters: { HOLDUNTIL: at.toISOString().replace(/\.\d+/, "") } }, rcptTo: all.map((address) => ({ email: address.email, parameters: null })) } : undefined;
  const update: Record<string, unknown> = { "keywords/$draft": null };
  if (drafts) update[`mailboxIds/${drafts.id}`] = null;
  if (sent) update[`mailboxIds/${sent.id}`] = true;
  const [answer] = await call(["EmailSubmission/set", { create: { sending: { identityId: identity.id, emailId: draft.savedAs, ...(envelope ? { envelope } : {}) } }, onSuccessUpdateEmail: { "#sending": update } }]);
  const refused = answer.notCreated?.sending as { type: string; description?: string; invalidRecipients?: string[] } | undefined;
  if (refused) throw new JmapError(refused.type, refused.description ?? `${refused.type} ${refused.invalidRecipients?.join(", ") ?? ""}`);
  if (draft.source) {
    await call(["Email/set", { update: { [draft.source.id]: { [`keywords/${draft.source.keyword}`]: true } } }]).catch(() => undefined);
  }
  return answer.created.sending.id;
}
