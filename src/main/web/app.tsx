import { useEffect, useState } from "preact/hooks";
import { compose, Composing, restoreUnsent } from "./composing";
import { ask, Dialog, Menu, Questions } from "./dialogs";
import { Icon, IconButton } from "./icons";
import { online, resume, signedIn, signOut, theSession } from "./jmap";
import { lazy } from "./lazy";
import { List } from "./list";
import { SignIn } from "./login";
import { arrived, data, list, mailboxes, named, openList, start } from "./mail";
import { preferences } from "./preferences";
import { go, route } from "./route";
import { Search } from "./searchbox";
import { shortcuts, useShortcuts } from "./shortcuts";
import { Sidebar } from "./sidebar";
import { use, Signal } from "./signal";
import { ThreadView } from "./thread";
import { dismiss, failed, toasts } from "./toast";
import { nameOf } from "./format";
import { mailboxName } from "./actions";
import { language, t } from "./words";

const Welcome = lazy(() => import("./welcome").then((module) => module.Welcome));
const Settings = lazy(() => import("./settings").then((module) => module.Settings));
export const helpOpen = new Signal(false);
export const drawerOpen = new Signal(false);

export function App() {
  const known = use(signedIn);
  use(preferences);
  useEffect(() => {
    document.documentElement.lang = language();
  });
  useEffect(() => {
    resume().then(
      (yes) => (signedIn.value = yes),
      () => (signedIn.value = false),
    );
  }, []);
  if (location.pathname === "/welcome") return <Welcome />;
  if (known === null) return <div class="splash" aria-busy="true" aria-label={t("loading")} />;
  return (
    <>
      {known ? <Mail /> : <SignIn done={() => (signedIn.value = true)} />}
      <Toasts />
      <Questions />
    </>
  );
}

function Mail() {
  const [ready, setReady] = useState(false);
  const where = use(route);
  use(mailboxes);
  useEffect(() => {
    let end: (() => void) | null = null;
    let gone = false;
    start().then((stop) => {
      if (gone) stop();
      end = stop;
      setReady(true);
      restoreUnsent();
    }, failed);
    return () => {
      gone = true;
      end?.();
    };
  }, []);
  useShortcuts(ready);
  useNotifications();
  const mailbox = named(where.mailbox);
  useEffect(() => {
    if (ready && where.view === "mail") openList(mailbox, where.query);
  }, [ready, where.view, mailbox?.id, where.query]);
  useTitle();
  useMailto(ready);
  if (!ready) return <div class="splash" aria-busy="true" aria-label={t("loading")} />;
  return (
    <div class={`app ${where.thread ? "reading" : ""} ${where.view}`}>
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <Header />
      <Sidebar />
      <main id="main" tabIndex={-1}>
        {where.view === "settings" ? (
          <Settings />
        ) : (
          <>
            <List />
            <section class="reader" aria-label={t("conversation")}>
              {where.thread ? <ThreadView key={where.thread} id={where.thread} /> : <Nothing />}
            </section>
          </>
        )}
      </main>
      <Composing />
      <Help />
    </div>
  );
}

function Header() {
  const reachable = use(online);
  const user = theSession().username;
  return (
    <header class="top">
      <IconButton icon="menu" name={t("folders")} class="drawer-button" onClick={() => (drawerOpen.value = !drawerOpen.value)} />
      <a class="brand" href="/mail/inbox" aria-label="Mail" onClick={(event) => { event.preventDefault(); go({ view: "mail", mailbox: "inbox", thread: null, query: "" }); }}>
        <img src="/icon.svg" alt="" width={28} height={28} />
        <span>Mail</span>
      </a>
      <Search />
      {!reachable && (
        <span class="offline" role="status">
          {t("offlineShort")}
        </span>
      )}
      <IconButton icon="help" name={t("shortcuts")} keys="?" class="wide-only" onClick={() => (helpOpen.value = true)} />
      <Menu name={t("account")} button={(open, toggle) => (
        <button type="button" class="avatar-button" aria-haspopup="menu" aria-expanded={open} aria-label={`${t("account")}: ${user}`} onClick={toggle}>
          <span class={`avatar hue-3`}>{user[0]?.toUpperCase()}</span>
        </button>
      )}>
        {(close) => (
          <>
            <div class="menu-title">{user}</div>
            <button role="menuitem" onClick={() => { close(); go({ view: "settings", page: "account" }); }}>
              <Icon name="settings" />
              {t("settings")}
            </button>
            <button role="menuitem" onClick={() => { close(); helpOpen.value = true; }}>
              <Icon name="help" />
              {t("shortcuts")}
            </button>
            <button role="menuitem" onClick={() => void leave()}>
              <Icon name="back" />
              {t("signOut")}
            </button>
          </>
        )}
      </Menu>
    </header>
  );
}

async function leave(): Promise<void> {
  if (toasts.value.some((toast) => toast.text === t("sending")) && !(await ask({ title: t("signOut"), text: t("stillSending"), action: t("signOut") }))) return;
  await signOut();
  location.assign("/");
}

function Nothing() {
  const shown = use(list);
  use(data);
  return (
    <div class="nothing">
      <Icon name="read" size={56} />
      <p>{shown?.total ? t("chooseOne") : t("nothingHere")}</p>
      <p class="muted">{t("pressHelp")}</p>
    </div>
  );
}

function Toasts() {
  const all = use(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {all.map((toast) => (
        <div key={toast.id} class={`toast ${toast.bad ? "bad" : ""}`}>
          <span>{toast.text}</span>
          {toast.undo && (
            <button type="button" onClick={() => { dismiss(toast.id); toast.undo!(); }}>
              {t("undo")}
            </button>
          )}
          <IconButton icon="close" size={16} name={t("close")} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}

function Help() {
  if (!use(helpOpen)) return null;
  return (
    <Dialog title={t("shortcuts")} close={() => (helpOpen.value = false)} wide>
      <dl class="keys">
        {shortcuts().map(({ keys, words }) => (
          <div key={keys}>
            <dt>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** The window's name says where one is and what waits. */
function useTitle(): void {
  const where = use(route);
  const all = use(mailboxes);
  useEffect(() => {
    const mailbox = named(where.mailbox);
    const unread = all.find((m) => m.role === "inbox")?.unreadEmails ?? 0;
    const place = where.view === "settings" ? t("settings") : where.query || (mailbox ? mailboxName(mailbox) : "Mail");
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place} · Mail`;
  }, [where, all]);
}

function useNotifications(): void {
  const fresh = use(arrived);
  useEffect(() => {
    if (!preferences.value.notify || !("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
    for (const email of fresh) {
      const shown = new Notification(nameOf(email.from?.[0]), { body: `${email.subject ?? ""}\n${email.preview}`, tag: email.id, icon: "/icon.svg" });
      shown.onclick = () => {
        focus();
        go({ view: "mail", mailbox: "inbox", thread: email.threadId, query: "" });
      };
    }
  }, [fresh]);
}

/** /mail/inbox?mailto=… is what a browser opens for a mailto: link once this is its mail program. */
function useMailto(ready: boolean): void {
  useEffect(() => {
    const link = new URLSearchParams(location.search).get("mailto");
    if (!ready || !link) return;
    go({ view: "mail", mailbox: "inbox", thread: null, query: "" }, true);
    compose({ kind: "mailto", link });
  }, [ready]);
}

