import { useState } from "preact/hooks";
import { labelOf, mailboxName, moveTo } from "./actions";
import { compose } from "./composing";
import { ask, Menu } from "./dialogs";
import { drawerOpen } from "./app";
import { Icon, IconButton, type IconName } from "./icons";
import { callEach, JmapError } from "./jmap";
import { data, emails, loadMailboxes, mailboxes } from "./mail";
import { prefer, preferences } from "./preferences";
import { go, route } from "./route";
import { use } from "./signal";
import { failed, say } from "./toast";
import { labelsOf } from "./actions";
import type { Id, Mailbox } from "./types";
import { t } from "./words";

const ROLES = ["inbox", "drafts", "sent", "archive", "junk", "trash"];
const ICONS: Record<string, IconName> = { inbox: "inbox", drafts: "drafts", sent: "sent", archive: "archive", junk: "junk", trash: "trash" };
export const DRAGGED = "application/x-mail-threads";

function order(a: Mailbox, b: Mailbox): number {
  const rank = (m: Mailbox) => (m.role && ROLES.includes(m.role) ? ROLES.indexOf(m.role) : ROLES.length);
  return rank(a) - rank(b) || a.sortOrder - b.sortOrder || a.name.localeCompare(b.name);
}

/** All mailboxes as a tree laid flat, each with its depth. */
export function tree(all: Mailbox[]): [Mailbox, number][] {
  const ids = new Set(all.map((m) => m.id));
  const below = (parent: Id | null, depth: number): [Mailbox, number][] =>
    all.filter((m) => (m.parentId && ids.has(m.parentId) ? m.parentId : null) === parent).sort(order).flatMap((m) => [[m, depth], ...below(m.id, depth + 1)] as [Mailbox, number][]);
  return below(null, 0);
}

export function Sidebar() {
  const all = use(mailboxes);
  const open = use(drawerOpen);
  const flat = tree(all);
  const own = flat.findIndex(([m, depth]) => depth === 0 && !m.role);
  return (
    <>
      {open && <div class="shade" onClick={() => (drawerOpen.value = false)} />}
      <nav class={`sidebar ${open ? "open" : ""}`} aria-label={t("folders")}>
        <button type="button" class="button primary compose-button" onClick={() => { drawerOpen.value = false; compose({ kind: "new" }); }}>
          <Icon name="drafts" />
          {t("compose")}
        </button>
        <ul>
          {flat.map(([mailbox, depth], i) => (
            <>
              {i === own && <Heading text={t("folders")} add={t("newFolder")} onAdd={() => void create(null)} />}
              <Folder key={mailbox.id} mailbox={mailbox} depth={depth} />
            </>
          ))}
          {own < 0 && <Heading text={t("folders")} add={t("newFolder")} onAdd={() => void create(null)} />}
        </ul>
        <Labels />
      </nav>
    </>
  );
}

function Heading(props: { text: string; add: string; onAdd: () => void }) {
  return (
    <li class="heading">
      <span>{props.text}</span>
      <IconButton icon="plus" size={16} name={props.add} onClick={props.onAdd} />
    </li>
  );
}

function Folder({ mailbox, depth }: { mailbox: Mailbox; depth: number }) {
  const where = use(route);
  const [over, setOver] = useState(false);
  const word = mailbox.role ?? mailbox.id;
  const current = where.view === "mail" && !where.query && (where.mailbox === word || where.mailbox === mailbox.id);
  const drafts = mailbox.role === "drafts";
  const count = drafts ? mailbox.totalEmails : mailbox.role === "trash" || mailbox.role === "sent" ? 0 : mailbox.unreadThreads;
  const name = mailboxName(mailbox);
  return (
    <li class={`folder ${current ? "current" : ""} ${over ? "over" : ""}`} style={{ paddingLeft: `${depth * 16}px` }}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const ids = event.dataTransfer?.getData(DRAGGED);
        if (!ids) return;
        event.preventDefault();
        void moveTo(JSON.parse(ids), mailbox);
      }}>
      <a href={`/mail/${encodeURIComponent(word)}`} aria-current={current ? "page" : undefined} class={count > 0 && !drafts ? "unread" : ""}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          drawerOpen.value = false;
          go({ view: "mail", mailbox: word, thread: null, query: "" });
        }}>
        <Icon name={ICONS[mailbox.role ?? ""] ?? "folder"} />
        <span class="name">{name}</span>
        {count > 0 && (
          <span class="count" aria-label={drafts ? String(count) : t("unreadCount", { count })}>
            {count > 9999 ? "9999+" : count}
          </span>
        )}
      </a>
      <Menu name={name} button={(open, toggle) => <IconButton icon="more" size={16} name={t("folderMenu", { name })} hasPopup expanded={open} onClick={toggle} />}>
        {(close) => <FolderMenu mailbox={mailbox} close={close} />}
      </Menu>
    </li>
  );
}

function FolderMenu({ mailbox, close }: { mailbox: Mailbox; close: () => void }) {
  const act = (what: () => Promise<unknown>) => () => {
    close();
    what().catch(failed);
  };
  return (
    <>
      <button role="menuitem" onClick={act(() => create(mailbox.id))}>
        <Icon name="plus" />
        {t("newFolderIn")}
      </button>
      {!mailbox.role && (
        <>
          <button role="menuitem" onClick={act(() => rename(mailbox))}>
            <Icon name="drafts" />
            {t("rename")}
          </button>
          <button role="menuitem" onClick={act(() => remove(mailbox))}>
            <Icon name="trash" />
            {t("delete")}
          </button>
        </>
      )}
    </>
  );
}

async function mailboxSet(args: Record<string, unknown>): Promise<boolean> {
  const [answer] = await callEach(["Mailbox/set", args]);
  if (answer instanceof JmapError) throw answer;
  for (const refused of ["notCreated", "notUpdated", "notDestroyed"]) {
    const error = Object.values(answer[refused] ?? {})[0] as { type: string; description?: string } | undefined;
    if (error) throw new JmapError(error.type, error.description ?? error.type);
  }
  await loadMailboxes();
  return true;
}

async function create(parentId: Id | null): Promise<void> {
  const name = await ask({ title: t("newFolder"), input: "", inputName: t("name"), action: t("create") });
  if (name?.trim()) await mailboxSet({ create: { new: { name: name.trim(), parentId } } }).catch(failed);
}

async function rename(mailbox: Mailbox): Promise<void> {
  const name = await ask({ title: t("rename"), input: mailbox.name, inputName: t("name"), action: t("rename") });
  if (!name?.trim() || name === mailbox.name) return;
  await mailboxSet({ update: { [mailbox.id]: { name: name.trim() } } });
  say(t("renamed", { name }), () => mailboxSet({ update: { [mailbox.id]: { name: mailbox.name } } }).catch(failed));
}

async function remove(mailbox: Mailbox): Promise<void> {
  const text = mailbox.totalEmails > 0 ? t("deleteFolderText", { count: mailbox.totalEmails }) : t("deleteEmptyFolder");
  if (!(await ask({ title: t("deleteFolder", { name: mailbox.name }), text, action: t("delete"), danger: true }))) return;
  await mailboxSet({ destroy: [mailbox.id], onDestroyRemoveEmails: mailbox.totalEmails > 0 });
  if (route.value.mailbox === mailbox.id) go({ mailbox: "inbox", thread: null });
}

/** Labels in use: those of the messages seen so far and those made here. */
export function knownLabels(): string[] {
  const found = new Set(preferences.value.labels);
  for (const email of emails.values()) for (const label of labelsOf(email)) found.add(label);
  return [...found].sort();
}

function Labels() {
  use(data);
  const where = use(route);
  use(preferences);
  const labels = knownLabels();
  return (
    <ul>
      <Heading text={t("labels")} add={t("newLabel")} onAdd={() => void newLabel()} />
      {labels.map((label) => (
        <li key={label} class={`folder ${where.query === `label:${label}` ? "current" : ""}`}>
          <a href={`/mail/search?q=label:${label}`}
            onClick={(event) => {
              event.preventDefault();
              drawerOpen.value = false;
              go({ view: "mail", mailbox: null, thread: null, query: `label:${label}` });
            }}>
            <Icon name="label" />
            <span class="name">{label}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export async function newLabel(): Promise<string | null> {
  const name = labelOf((await ask({ title: t("newLabel"), input: "", inputName: t("labelName"), action: t("create") })) ?? "");
  if (name && !preferences.value.labels.includes(name)) prefer({ labels: [...preferences.value.labels, name] });
  return name || null;
}
