import { useEffect, useRef, useState } from "preact/hooks";
import { Attachments } from "./attachments";
import { answerTo, compose } from "./composing";
import { Dialog, Menu } from "./dialogs";
import { hue, initials, longDate, nameOf, shortDate, size, written } from "./format";
import { HtmlBody } from "./htmlbody";
import { Icon, IconButton } from "./icons";
import { download, downloadUrl } from "./jmap";
import { change, loadBody, scheduled } from "./mail";
import { Judgement } from "./judgement";
import { prefer, preferences } from "./preferences";
import { takeBack } from "./sending";
import { use } from "./signal";
import { TextBody } from "./textbody";
import { failed } from "./toast";
import type { Address, BodyPart, Email, FullEmail } from "./types";
import { t } from "./words";

/** One message of a conversation; folded it is one line. */
export function MessageCard({ row, initiallyOpen, last }: { row: Email; initiallyOpen: boolean; last: boolean }) {
  const [open, setOpen] = useState(initiallyOpen);
  const [email, setEmail] = useState<FullEmail | null>(null);
  const [details, setDetails] = useState(false);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open && !email) loadBody(row.id).then(setEmail, failed);
  }, [open, row.id]);
  useEffect(() => {
    if (last && !initiallyOpen) card.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const from = row.from?.[0];
  const draft = Boolean(row.keywords.$draft);
  const waits = use(scheduled).get(row.id);
  if (!open) {
    return (
      <article class="message folded">
        <button type="button" class="message-line" aria-expanded={false} onClick={() => setOpen(true)}>
          <span class={`avatar hue-${hue(from?.email ?? "")}`}>{initials(from)}</span>
          <strong>{nameOf(from)}</strong>
          {draft && <em class="draft">{t("draft")}</em>}
          <span class="text">{row.preview}</span>
          {row.hasAttachment && <Icon name="attach" size={15} />}
          <time dateTime={row.receivedAt}>{shortDate(row.receivedAt)}</time>
        </button>
      </article>
    );
  }
  return (
    <article class="message" ref={card}>
      <header>
        <span class={`avatar hue-${hue(from?.email ?? "")}`}>{initials(from)}</span>
        <div class="who">
          <button type="button" class="fold" aria-expanded onClick={() => !last && setOpen(false)}>
            <strong>{nameOf(from)}</strong>
            {from && nameOf(from) !== from.email && <span class="muted address">{from.email}</span>}
          </button>
          <button type="button" class="muted to-line" aria-expanded={details} onClick={() => setDetails(!details)}>
            {t("toPeople", { names: (row.to ?? []).concat(row.cc ?? []).map(nameOf).join(", ") || t("nobody") })}
            <Icon name="down" size={14} />
          </button>
        </div>
        <span class="space" />
        {row.keywords.$flagged && <Icon name="flag" size={16} filled />}
        <time class="muted" dateTime={row.receivedAt} title={longDate(row.receivedAt)}>
          {shortDate(row.receivedAt)}
        </time>
        {draft ? (
          <IconButton icon="drafts" name={t("continueDraft")} onClick={() => compose({ kind: "draft", id: row.id })} />
        ) : (
          <IconButton icon="reply" name={t("reply")} onClick={() => answerTo("reply", row.id)} />
        )}
        {email && <MessageMenu email={email} />}
      </header>
      {waits && (
        <div class="notice scheduled">
          <Icon name="clock" size={18} />
          <span>{t("sendsLater", { date: longDate(waits.sendAt) })}</span>
          <button type="button" onClick={() => void takeBack(row.id).catch(failed)}>
            {t("doNotSend")}
          </button>
        </div>
      )}
      {details && email && <Details email={email} />}
      {email ? <Body email={email} /> : <div class="waiting" aria-busy="true" aria-label={t("loading")} />}
      {email && <Attachments email={email} />}
    </article>
  );
}

function Details({ email }: { email: FullEmail }) {
  const line = (name: string, addresses: Address[] | null) =>
    addresses && addresses.length > 0 ? (
      <div>
        <dt>{name}</dt>
        <dd>{addresses.map(written).join(", ")}</dd>
      </div>
    ) : null;
  return (
    <div class="details">
      <dl>
        {line(t("from"), email.from)}
        {line(t("replyTo"), email.replyTo)}
        {line(t("to"), email.to)}
        {line("Cc", email.cc)}
        {line("Bcc", email.bcc)}
        <div>
          <dt>{t("date")}</dt>
          <dd>{longDate(email.sentAt ?? email.receivedAt)}</dd>
        </div>
        <div>
          <dt>{t("size")}</dt>
          <dd>{size(email.size)}</dd>
        </div>
      </dl>
      <Judgement id={email.id} />
    </div>
  );
}

function MessageMenu({ email }: { email: FullEmail }) {
  const [source, setSource] = useState<"source" | "headers" | null>(null);
  const name = `${(email.subject ?? "message").replace(/[^\p{L}\p{N} ._-]/gu, "").slice(0, 80) || "message"}.eml`;
  return (
    <>
      <Menu name={t("more")} button={(open, toggle) => <IconButton icon="more" name={t("more")} hasPopup expanded={open} onClick={toggle} />}>
        {(close) => (
          <>
            {(["reply", "replyAll", "forward"] as const).map((kind) => (
              <button key={kind} role="menuitem" onClick={() => { close(); answerTo(kind, email.id); }}>
                <Icon name={kind} />
                {t(kind)}
              </button>
            ))}
            <hr />
            <button role="menuitem" onClick={() => { close(); void change(new Map([[email.id, { "keywords/$seen": null }]])); }}>
              <Icon name="unread" />
              {t("markUnread")}
            </button>
            <button role="menuitem" onClick={() => { close(); void change(new Map([[email.id, { "keywords/$flagged": email.keywords.$flagged ? null : true }]])); }}>
              <Icon name="flag" />
              {email.keywords.$flagged ? t("unflag") : t("flag")}
            </button>
            <hr />
            <button role="menuitem" onClick={() => { close(); setSource("headers"); }}>
              <Icon name="shield" />
              {t("headers")}
            </button>
            <button role="menuitem" onClick={() => { close(); setSource("source"); }}>
              <Icon name="code" />
              {t("source")}
            </button>
            <a role="menuitem" href={downloadUrl(email.blobId, "message/rfc822", name)} download={name} onClick={close}>
              <Icon name="download" />
              {t("downloadMessage")}
            </a>
          </>
        )}
      </Menu>
      {source && <Source email={email} only={source} close={() => setSource(null)} />}
    </>
  );
}

function Source({ email, only, close }: { email: FullEmail; only: "source" | "headers"; close: () => void }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    download(email.blobId, "text/plain", "message.txt")
      .then((blob) => blob.slice(0, 2_000_000).text())
      .then((all) => setText(only === "headers" ? (all.split(/\r?\n\r?\n/)[0] ?? "") : all), failed);
  }, []);
  return (
    <Dialog title={t(only)} close={close} wide>
      <pre class="source" tabIndex={0}>{text ?? "…"}</pre>
    </Dialog>
  );
}

function Body({ email }: { email: FullEmail }) {
  const settings = use(preferences);
  const sender = email.from?.[0]?.email.toLowerCase() ?? "";
  const html = email.htmlBody.some((part) => part.type === "text/html");
  const [asText, setAsText] = useState(false);
  const [pictures, setPictures] = useState((settings.pictures === "always" && !email.keywords.$junk) || (sender !== "" && settings.trusted.includes(sender)));
  const [blocked, setBlocked] = useState(0);
  const truncated = Object.values(email.bodyValues).some((value) => value.isTruncated);
  return (
    <div class="body">
      {html && !asText && blocked > 0 && !pictures && (
        <div class="notice">
          <Icon name="image" size={18} />
          <span>{t("picturesBlocked")}</span>
          <button type="button" onClick={() => setPictures(true)}>
            {t("showPictures")}
          </button>
          {sender && (
            <button type="button" onClick={() => { setPictures(true); prefer({ trusted: [...settings.trusted, sender] }); }}>
              {t("alwaysFrom", { sender })}
            </button>
          )}
        </div>
      )}
      {truncated && <p class="notice">{t("truncated")}</p>}
      {html && !asText ? (
        <Parts email={email} parts={email.htmlBody} pictures={pictures} blocked={setBlocked} />
      ) : (
        <Parts email={email} parts={email.textBody} pictures={false} blocked={() => undefined} />
      )}
      {html && email.textBody.some((part) => part.type === "text/plain") && (
        <button type="button" class="link-button as-text" onClick={() => setAsText(!asText)}>
          {asText ? t("showHtml") : t("showText")}
        </button>
      )}
    </div>
  );
}

/** The parts in order: texts as texts, HTML in its frame, pictures between them as pictures (RFC 8621 §4.1.4). */
function Parts(props: { email: FullEmail; parts: BodyPart[]; pictures: boolean; blocked: (count: number) => void }) {
  return (
    <>
      {props.parts.map((part) => {
        const text = part.partId === null ? undefined : props.email.bodyValues[part.partId]?.value;
        if (part.type === "text/html" && text !== undefined) return <HtmlBody key={part.partId} html={text} email={props.email} pictures={props.pictures} blocked={props.blocked} />;
        if (part.type.startsWith("text/") && text !== undefined) return <TextBody key={part.partId} text={text} />;
        if (/^image\/(png|jpeg|gif|webp|avif)$/.test(part.type) && part.blobId) return <img key={part.blobId} class="inline-picture" src={downloadUrl(part.blobId, part.type, part.name ?? "picture")} alt={part.name ?? ""} />;
        return null;
      })}
    </>
  );
}
