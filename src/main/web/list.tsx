import { useEffect, useRef, useState } from "preact/hooks";
import { archive, flag, isFlagged, isUnread, labelsOf, mailboxName, markSeen, notSpam, spam, trash } from "./actions";
import { compose } from "./composing";
import { Menu } from "./dialogs";
import { firstName, hue, initials, nameOf, shortDate } from "./format";
import { Icon, IconButton } from "./icons";
import { byRole, data, emails, identities, list, mailboxes, messagesOf, scheduled, selection, sync, type ThreadList } from "./mail";
import { LabelMenu, MoveMenu } from "./menus";
import { preferences } from "./preferences";
import { go, route } from "./route";
import { wordsOf } from "./search";
import { cursor, toggleSelected } from "./shortcuts";
import { use } from "./signal";
import { DRAGGED } from "./sidebar";
import type { Email, Id } from "./types";
import { t } from "./words";

const AROUND = 8;

export function List() {
  const shown = use(list);
  use(data);
  const chosen = use(selection);
  if (!shown) return <section class="list" aria-label={t("messages")} />;
  return (
    <section class="list" aria-label={t("messages")}>
      {chosen.size > 0 ? <SelectionBar chosen={chosen} shown={shown} /> : <ListBar shown={shown} />}
      {shown.failure && (
        <p class="problem" role="alert">
          {shown.failure}
        </p>
      )}
      {shown.total === 0 ? <Empty shown={shown} /> : <Rows key={`${shown.mailbox?.id}?${shown.query}`} shown={shown} />}
    </section>
  );
}

function ListBar({ shown }: { shown: ThreadList }) {
  const title = shown.query ? t("searchResults") : shown.mailbox ? mailboxName(shown.mailbox) : "";
  return (
    <div class="bar">
      <h1>{title}</h1>
      <span class="muted" aria-live="polite">
        {shown.total === null ? "" : t("conversations", { count: shown.total })}
      </span>
      <span class="space" />
      <Menu name={t("more")} button={(open, toggle) => <IconButton icon="more" name={t("more")} hasPopup expanded={open} onClick={toggle} />}>
        {(close) => (
          <>
            <button role="menuitem" onClick={() => { close(); selection.value = new Set(loaded(shown)); }}>
              <Icon name="check" />
              {t("selectAll")}
            </button>
            <button role="menuitem" onClick={() => { close(); void markSeen(loaded(shown), true); }}>
              <Icon name="read" />
              {t("allRead")}
            </button>
            <button role="menuitem" onClick={() => { close(); void sync(); }}>
              <Icon name="undo" />
              {t("reload")}
            </button>
          </>
        )}
      </Menu>
    </div>
  );
}

function loaded(shown: ThreadList): Id[] {
  return shown.rows.map((id) => (id === undefined ? undefined : emails.get(id)?.threadId)).filter((id) => id !== undefined);
}

function SelectionBar({ chosen, shown }: { chosen: ReadonlySet<Id>; shown: ThreadList }) {
  const ids = [...chosen];
  const unread = ids.some(isUnread);
  const junk = shown.mailbox?.role === "junk";
  const starred = ids.every(isFlagged);
  return (
    <div class="bar selecting" role="toolbar" aria-label={t("selected", { count: chosen.size })}>
      <IconButton icon="close" name={t("clearSelection")} onClick={() => (selection.value = new Set())} />
      <h1>{t("selected", { count: chosen.size })}</h1>
      <span class="space" />
      <IconButton icon="archive" name={t("archive")} keys="e" onClick={() => void archive(ids)} />
      <IconButton icon="trash" name={t("delete")} keys="#" onClick={() => void trash(ids)} />
      <IconButton icon={junk ? "inbox" : "junk"} name={junk ? t("notSpam") : t("spam")} keys="!" onClick={() => void (junk ? notSpam(ids) : spam(ids))} />
      <IconButton icon={unread ? "read" : "unread"} name={unread ? t("markRead") : t("markUnread")} keys="m" onClick={() => void markSeen(ids, unread)} />
      <IconButton icon="flag" filled={starred} name={starred ? t("unflag") : t("flag")} keys="s" onClick={() => void flag(ids, !starred)} />
      <MoveMenu threadIds={ids} />
      <LabelMenu threadIds={ids} />
    </div>
  );
}

function Empty({ shown }: { shown: ThreadList }) {
  return (
    <div class="nothing">
      <Icon name={shown.query ? "search" : "inbox"} size={52} />
      <p>{shown.query ? t("nothingFound") : t("emptyFolder")}</p>
    </div>
  );
}

/** Only the rows in sight are drawn; the rest is height. */
function Rows({ shown }: { shown: ThreadList }) {
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<[number, number]>([0, 20]);
  const density = use(preferences).density;
  const at = use(cursor);
  const height = density === "compact" ? 58 : 78;
  const measure = () => {
    const element = box.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollTop / height) - AROUND);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / height) + AROUND;
    setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
  };
  useEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [height]);
  // While somebody scrolls past, nothing is asked for that is gone again at once.
  useEffect(() => {
    const timer = setTimeout(() => shown.show(range[0], range[1]), 60);
    return () => clearTimeout(timer);
  }, [range, shown, shown.rows, shown.total]);
  useEffect(() => {
    const element = box.current;
    if (!element || at < 0) return;
    if (at * height < element.scrollTop) element.scrollTop = at * height;
    else if ((at + 1) * height > element.scrollTop + element.clientHeight) element.scrollTop = (at + 1) * height - element.clientHeight;
  }, [at]);
  const total = shown.total ?? 12;
  const rows = [];
  for (let i = range[0]; i < Math.min(range[1], total); i++) rows.push(i);
  return (
    <div class="rows" ref={box} onScroll={measure} tabIndex={-1}>
      <ul role="list" style={{ height: `${total * height}px` }}>
        {rows.map((i) => {
          const email = shown.rows[i] === undefined ? undefined : emails.get(shown.rows[i]!);
          return (
            <li key={email?.threadId ?? `row ${i}`} aria-setsize={total} aria-posinset={i + 1} style={{ transform: `translateY(${i * height}px)`, height: `${height}px` }}>
              {email ? <Row email={email} shown={shown} index={i} current={i === at} /> : <Waiting />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Waiting() {
  return (
    <div class="row skeleton" aria-hidden="true">
      <span class="avatar" />
      <span class="lines">
        <i />
        <i />
      </span>
    </div>
  );
}

/** "Ada, Bob, me (4)" of a thread; of what one sent, who got it. */
function people(messages: Email[], sent: boolean): string {
  const own = new Set(identities.value.map((identity) => identity.email.toLowerCase()));
  if (sent) return t("toPeople", { names: (messages.at(-1)?.to ?? []).map(nameOf).join(", ") || t("nobody") });
  const names = new Map<string, string>();
  for (const message of messages) {
    const from = message.from?.[0];
    if (!from) continue;
    const mine = own.has(from.email.toLowerCase());
    names.delete(from.email.toLowerCase());
    names.set(from.email.toLowerCase(), mine ? t("me") : messages.length === 1 ? nameOf(from) : firstName(from));
  }
  const all = [...names.values()];
  if (all.length === 1 && messages.length > 1) return nameOf(messages.findLast((m) => m.from)?.from?.[0]);
  return all.length > 3 ? `${all[0]}, …, ${all.slice(-2).join(", ")}` : all.join(", ") || t("nobody");
}

function Row(props: { email: Email; shown: ThreadList; index: number; current: boolean }) {
  const { email, shown } = props;
  const where = use(route);
  const chosen = use(selection);
  const later = use(scheduled);
  const messages = messagesOf(email.threadId);
  const unread = isUnread(email.threadId);
  const starred = isFlagged(email.threadId);
  const draft = Boolean(email.keywords.$draft);
  const sent = shown.mailbox?.role === "sent" || shown.mailbox?.role === "drafts";
  const selected = chosen.has(email.threadId);
  const snippet = shown.query ? shown.snippets.get(email.id) : undefined;
  const shownAs = sent ? email.to?.[0] : (messages.findLast((m) => m.from) ?? email).from?.[0];
  const own = new Set(Object.keys(email.mailboxIds));
  const waits = messages.some((message) => later.has(message.id));
  const attachment = messages.some((message) => message.hasAttachment);
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey) {
      event.preventDefault();
      toggleSelected(email.threadId);
    } else if (event.shiftKey) {
      event.preventDefault();
      selectTo(shown, props.index);
    } else if (!event.defaultPrevented) {
      event.preventDefault();
      cursor.value = props.index;
      if (draft && messages.length === 1) void compose({ kind: "draft", id: email.id });
      else go({ thread: email.threadId });
    }
  };
  return (
    <a class={`row ${unread ? "unread" : ""} ${selected ? "selected" : ""} ${where.thread === email.threadId ? "open" : ""} ${props.current ? "cursor" : ""}`}
      href={`/mail/${encodeURIComponent(where.mailbox ?? "search")}/${encodeURIComponent(email.threadId)}`} aria-current={where.thread === email.threadId ? "true" : undefined}
      onClick={open} draggable
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, JSON.stringify(selected ? [...chosen] : [email.threadId]))}>
      <button type="button" class={`avatar select hue-${hue(shownAs?.email ?? "")}`} role="checkbox" aria-checked={selected} aria-label={t("select", { subject: email.subject ?? "" })}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (event.shiftKey) selectTo(shown, props.index);
          else toggleSelected(email.threadId);
        }}>
        <span>{selected ? "✓" : initials(shownAs)}</span>
      </button>
      <span class="lines">
        <span class="line">
          {unread && <span class="dot" role="img" aria-label={t("unread")} />}
          <span class="people">{people(messages, sent)}</span>
          {messages.length > 1 && <span class="thread-count" aria-label={t("messageCount", { count: messages.length })}>{messages.length}</span>}
          <span class="space" />
          {attachment && <Icon name="attach" size={15} />}
          {waits && <Icon name="clock" size={15} />}
          <time dateTime={email.receivedAt}>{shortDate(email.receivedAt)}</time>
        </span>
        <span class="line">
          <span class="subject">
            {draft && <em class="draft">{t("draft")}</em>}
            {snippet?.subject ? <Marked text={snippet.subject} /> : <Words text={email.subject || t("noSubject")} query={shown.query} />}
          </span>
          {starred && <Icon name="flag" size={15} filled />}
        </span>
        <span class="line preview">
          {shown.query && [...own].map((id) => <Place key={id} id={id} />)}
          {labelsOf(email).map((label) => (
            <span key={label} class="chip">
              {label}
            </span>
          ))}
          <span class="text">{snippet?.preview ? <Marked text={snippet.preview} /> : <Words text={email.preview} query={shown.query} />}</span>
        </span>
      </span>
      <span class="quick">
        <Quick email={email} />
      </span>
    </a>
  );
}

/** What a hand on the mouse does without opening. */
function Quick({ email }: { email: Email }) {
  const ids = [email.threadId];
  const unread = isUnread(email.threadId);
  const starred = isFlagged(email.threadId);
  const act = (what: () => unknown) => (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void what();
  };
  return (
    <>
      <IconButton icon="archive" size={17} name={t("archive")} onClick={act(() => archive(ids))} />
      <IconButton icon="trash" size={17} name={t("delete")} onClick={act(() => trash(ids))} />
      <IconButton icon={unread ? "read" : "unread"} size={17} name={unread ? t("markRead") : t("markUnread")} onClick={act(() => markSeen(ids, unread))} />
      <IconButton icon="flag" size={17} filled={starred} name={starred ? t("unflag") : t("flag")} onClick={act(() => flag(ids, !starred))} />
    </>
  );
}

function Place({ id }: { id: Id }) {
  const mailbox = [byRole("inbox"), list.value?.mailbox].some((m) => m?.id === id) ? undefined : mailboxes.value.find((m) => m.id === id);
  return mailbox ? <span class="chip place">{mailboxName(mailbox)}</span> : null;
}

function selectTo(shown: ThreadList, index: number): void {
  const from = cursor.value < 0 ? index : cursor.value;
  const ids = shown.rows.slice(Math.min(from, index), Math.max(from, index) + 1).map((id) => (id === undefined ? undefined : emails.get(id)?.threadId));
  selection.value = new Set([...selection.value, ...ids.filter((id) => id !== undefined)]);
}

/** A snippet is HTML of one element only, <mark> (RFC 8621 §5): taken apart as text, never given to the browser as HTML. */
export function Marked({ text }: { text: string }) {
  return (
    <>
      {text.split(/(<mark>.*?<\/mark>)/s).map((piece, i) => {
        const plain = unescapeHtml(piece.replace(/<\/?mark>/g, ""));
        return i % 2 === 1 ? <mark key={i}>{plain}</mark> : plain;
      })}
    </>
  );
}

/** Marks the words of a search where the server has marked none. */
function Words({ text, query }: { text: string; query: string }) {
  const words = query ? wordsOf(query) : [];
  if (words.length === 0) return <>{text}</>;
  const found = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return <>{text.split(found).map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece))}</>;
}

function unescapeHtml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
}
