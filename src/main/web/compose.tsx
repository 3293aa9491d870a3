import { useEffect, useRef, useState } from "preact/hooks";
import { forgetUnsent, keepUnsent, leaving, type Request } from "./composing";
import { needed } from "./actions";
import { ask, Menu } from "./dialogs";
import { draftFor, save, signatureHtml, signatureText, textToHtml, type Attached, type Draft } from "./draft";
import { Editor, type Format } from "./editor";
import { isAddress, size } from "./format";
import { Icon, IconButton, type IconName } from "./icons";
import { call, capability, downloadUrl, OfflineError, upload } from "./jmap";
import { identities, loadIdentities, sync } from "./mail";
import { prefer, preferences } from "./preferences";
import { htmlToText } from "./quote";
import { Recipients } from "./recipients";
import { sendLater, sendSoon } from "./sending";
import { use } from "./signal";
import { failed, say } from "./toast";
import { SUBMISSION } from "./types";
import { t } from "./words";

const SAVE_AFTER = 2500;

export function Composer({ request, close }: { request: Request; close: () => void }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  useEffect(() => {
    (identities.value.length > 0 ? Promise.resolve() : loadIdentities())
      .then(() => draftFor(request, preferences.value.plain))
      .then(setDraft, (error) => {
        failed(error);
        close();
      });
  }, []);
  if (!draft) return <div class="composer" aria-busy="true"><div class="waiting" aria-label={t("loading")} /></div>;
  return <Window initial={draft} close={close} fresh={request.kind === "new" || request.kind === "mailto" || request.kind === "forward"} unsaved={request.kind === "unsent"} />;
}

type State = "saved" | "saving" | "unsaved" | "offline" | "new";

function Window({ initial, close, fresh, unsaved }: { initial: Draft; close: () => void; fresh: boolean; unsaved: boolean }) {
  const current = useRef<Draft>(initial);
  const [, draw] = useState(0);
  const [state, setState] = useState<State>("new");
  const [big, setBig] = useState(false);
  const [small, setSmall] = useState(false);
  const [copies, setCopies] = useState(initial.cc.length > 0 || initial.bcc.length > 0);
  const [dropping, setDropping] = useState(false);
  const editor = useRef<Editor | null>(null);
  const saving = useRef<Promise<void> | null>(null);
  const dirty = useRef(unsaved);
  const timer = useRef(0);
  const closed = useRef(false);
  const identityList = use(identities);
  const draft = current.current;

  const text = () => (draft.text === null ? (editor.current?.text() ?? htmlToText(draft.html)) : draft.text);
  const changed = (change: Partial<Draft> = {}) => {
    Object.assign(current.current, change);
    dirty.current = true;
    setState("unsaved");
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void store().catch(() => undefined), SAVE_AFTER);
    draw((n) => n + 1);
    keepUnsent({ ...current.current, html: editor.current?.html() ?? current.current.html });
  };

  /** Brings what is there to the server; a second call waits for the first, since each copy takes the place of the one before. */
  const store = async (): Promise<void> => {
    clearTimeout(timer.current);
    while (saving.current) await saving.current.catch(() => undefined);
    if (!dirty.current) return;
    saving.current = (async () => {
      dirty.current = false;
      setState("saving");
      if (current.current.text === null && editor.current) current.current.html = editor.current.html();
      await save(current.current, text());
      if (!dirty.current) {
        setState("saved");
        if (!closed.current) forgetUnsent();
      }
    })();
    try {
      await saving.current;
    } catch (error) {
      dirty.current = true;
      setState(error instanceof OfflineError ? "offline" : "unsaved");
      if (error instanceof OfflineError && !closed.current) timer.current = window.setTimeout(() => void store().catch(() => undefined), 10_000);
      throw error;
    } finally {
      saving.current = null;
    }
  };

  useEffect(() => {
    leaving.add(store);
    const warn = (event: BeforeUnloadEvent) => dirty.current && event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => {
      leaving.delete(store);
      removeEventListener("beforeunload", warn);
      clearTimeout(timer.current);
    };
  }, []);

  const leave = async () => {
    try {
      await store();
    } catch (error) {
      failed(error);
      return;
    }
    closed.current = true;
    if (draft.savedAs) say(t("draftSaved"));
    void sync();
    close();
  };
  const discard = async () => {
    closed.current = true;
    clearTimeout(timer.current);
    while (saving.current) await saving.current.catch(() => undefined);
    dirty.current = false;
    forgetUnsent();
    const kept = { ...draft, html: editor.current?.html() ?? draft.html };
    if (draft.savedAs) {
      // Not for good: it may have been written elsewhere.
      const bin = await needed("trash", "Trash");
      await call(["Email/set", { update: { [draft.savedAs]: { mailboxIds: bin ? { [bin.id]: true } : {} } } }]).catch(failed);
    }
    say(t("discarded"), () => import("./composing").then(({ compose }) => compose({ kind: "unsent", draft: kept })));
    void sync();
    close();
  };
  const attach = (files: File[], inline = false) => {
    const limit = Number(capability("urn:ietf:params:jmap:core")?.maxSizeUpload ?? Infinity);
    for (const file of files) {
      if (file.size > limit) {
        say(t("tooLarge", { name: file.name, size: size(limit) }), undefined, 8000, true);
        continue;
      }
      const cid = inline && file.type.startsWith("image/") ? `${crypto.randomUUID()}@mail` : null;
      const one: Attached = { key: crypto.randomUUID(), name: file.name || "file", type: file.type || "application/octet-stream", size: file.size, blobId: null, cid, share: 0 };
      current.current.attached.push(one);
      upload(file, one.type, (share) => { one.share = share; draw((n) => n + 1); }).then(
        (answer) => {
          Object.assign(one, { blobId: answer.blobId, share: 1 });
          if (cid) editor.current?.picture(cid, one.name);
          changed();
        },
        (error) => {
          one.failure = error instanceof Error ? error.message : String(error);
          draw((n) => n + 1);
        },
      );
    }
    draw((n) => n + 1);
  };
  const ready = async (): Promise<boolean> => {
    const all = [...draft.to, ...draft.cc, ...draft.bcc];
    const wrong = all.find((address) => !isAddress(address.email));
    if (all.length === 0) say(t("noRecipient"), undefined, 5000, true);
    else if (wrong) say(t("badAddress", { address: wrong.email }), undefined, 5000, true);
    else if (draft.attached.some((one) => !one.blobId && !one.failure)) say(t("stillUploading"), undefined, 5000, true);
    else if (draft.attached.some((one) => one.failure)) say(t("uploadFailed"), undefined, 5000, true);
    else if (!draft.identityId) say(t("noIdentity"), undefined, 5000, true);
    else if (!draft.subject.trim() && !(await ask({ title: t("noSubjectTitle"), text: t("noSubjectText"), action: t("sendAnyway") }))) return false;
    else {
      const own = text().split(/\n(?:>|On .*wrote:|-{5,})/)[0] ?? "";
      const promised = /\b(attach(ed|ment)|angehängt|anhang|anbei)/i.test(own) && !draft.attached.some((one) => !one.cid);
      return !promised || Boolean(await ask({ title: t("noAttachmentTitle"), text: t("noAttachmentText"), action: t("sendAnyway") }));
    }
    return false;
  };
  const send = async (at?: Date) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!(await ready())) return;
    try {
      dirty.current = true;
      await store();
      closed.current = true;
      forgetUnsent();
      if (at) await sendLater(draft, at);
      else sendSoon(draft);
      close();
    } catch (error) {
      failed(error);
    }
  };
  const setPlain = (plain: boolean) => {
    if (plain) changed({ text: text() });
    else {
      current.current.html = textToHtml(draft.text ?? "");
      changed({ text: null });
    }
    prefer({ plain });
  };
  const setIdentity = (id: string) => {
    const before = identityList.find((one) => one.id === draft.identityId);
    const next = identityList.find((one) => one.id === id);
    if (draft.text === null) editor.current?.setSignature(signatureHtml(next));
    else if (before && draft.text.includes(signatureText(before)) && signatureText(before)) changed({ text: draft.text.replace(signatureText(before), () => signatureText(next)) });
    changed({ identityId: id });
  };

  return (
    <section class={`composer ${big ? "big" : ""} ${small ? "small" : ""} ${dropping ? "dropping" : ""}`} role="dialog" aria-label={draft.subject || t("newMessage")}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        } else if (event.key === "Escape" && !event.defaultPrevented) void leave();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setDropping(false)}
      onDrop={(event) => {
        setDropping(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        attach(files);
      }}>
      <header role="presentation">
        <h2>{draft.subject || t("newMessage")}</h2>
        <span class="muted state" role="status">
          {{ saved: t("stateSaved"), saving: t("stateSaving"), unsaved: "", offline: t("stateOffline"), new: "" }[state]}
        </span>
        <IconButton icon="down" name={t("minimize")} class={small ? "mirrored" : ""} onClick={() => setSmall(!small)} />
        <IconButton icon="expand" name={t("fullSize")} class="wide-only" pressed={big} onClick={() => { setSmall(false); setBig(!big); }} />
        <IconButton icon="close" name={t("saveAndClose")} onClick={() => void leave()} />
      </header>
      <div class="composer-body">
        {identityList.length > 1 && (
          <div class="recipients">
            <label for="from">{t("from")}</label>
            <select id="from" value={draft.identityId ?? ""} onChange={(event) => setIdentity(event.currentTarget.value)}>
              {identityList.map((identity) => (
                <option key={identity.id} value={identity.id}>
                  {identity.name ? `${identity.name} <${identity.email}>` : identity.email}
                </option>
              ))}
            </select>
          </div>
        )}
        <Recipients id="to" name={t("to")} value={draft.to} change={(to) => changed({ to })} focus={fresh}>
          {!copies && (
            <button type="button" class="link-button" onClick={() => setCopies(true)}>
              Cc Bcc
            </button>
          )}
        </Recipients>
        {copies && <Recipients id="cc" name="Cc" value={draft.cc} change={(cc) => changed({ cc })} />}
        {copies && <Recipients id="bcc" name="Bcc" value={draft.bcc} change={(bcc) => changed({ bcc })} />}
        <div class="recipients">
          <label for="subject">{t("subject")}</label>
          <input id="subject" value={draft.subject} maxLength={990} onInput={(event) => changed({ subject: event.currentTarget.value })} />
        </div>
        {draft.text === null ? (
          <Rich draft={draft} editor={editor} changed={() => changed()} attach={attach} focus={!fresh} />
        ) : (
          <textarea class="plain" aria-label={t("messageText")} value={draft.text} autoFocus={!fresh} onInput={(event) => changed({ text: event.currentTarget.value })} />
        )}
      </div>
      <AttachedFiles draft={draft} changed={() => changed()} />
      <footer>
        <div class="send">
          <button type="button" class="button primary" title="Ctrl+Enter" onClick={() => void send()}>
            <Icon name="sent" size={18} />
            {t("send")}
          </button>
          {Number(capability(SUBMISSION)?.maxDelayedSend ?? 0) > 0 && <Later send={(at) => void send(at)} />}
        </div>
        <FileButton name={t("attachFiles")} icon="attach" files={(files) => attach(files)} />
        {draft.text === null && <FileButton name={t("insertPicture")} icon="image" accept="image/png,image/jpeg,image/gif,image/webp" files={(files) => attach(files, true)} />}
        {draft.text === null && <Toolbar editor={editor} />}
        <span class="space" />
        <Menu up name={t("more")} button={(open, toggle) => <IconButton icon="more" name={t("more")} hasPopup expanded={open} onClick={toggle} />}>
          {(shut) => (
            <button role="menuitemcheckbox" aria-checked={draft.text !== null} onClick={() => { shut(); setPlain(draft.text === null); }}>
              <Icon name={draft.text === null ? "file" : "check"} />
              {t("plainText")}
            </button>
          )}
        </Menu>
        <IconButton icon="trash" name={t("discard")} onClick={() => void discard()} />
      </footer>
    </section>
  );
}

function FileButton(props: { name: string; icon: IconName; accept?: string; files: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={props.icon} name={props.name} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden accept={props.accept}
        onChange={(event) => {
          props.files([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }} />
    </>
  );
}

function Rich(props: { draft: Draft; editor: { current: Editor | null }; changed: () => void; attach: (files: File[], inline?: boolean) => void; focus: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const made = new Editor(place.current!, props.draft.html, {
      changed: props.changed,
      moved: () => dispatchEvent(new Event("editor-moved")),
      files: (files) => {
        const pictures = files.filter((file) => file.type.startsWith("image/"));
        props.attach(pictures, true);
        props.attach(files.filter((file) => !pictures.includes(file)));
      },
      picture: (cid) => {
        const part = props.draft.attached.find((one) => one.cid === cid && one.blobId);
        return part ? downloadUrl(part.blobId!, part.type, part.name) : null;
      },
    });
    props.editor.current = made;
    if (props.focus) made.focus();
    return () => {
      props.draft.html = made.html();
      props.editor.current = null;
      made.destroy();
    };
  }, []);
  return <div class="rich" ref={place} />;
}

const FORMATS: [Format, IconName, string][] = [["strong", "bold", "Ctrl+B"], ["em", "italic", "Ctrl+I"], ["underline", "underline", "Ctrl+U"], ["strike", "strike", ""]];

function Toolbar({ editor }: { editor: { current: Editor | null } }) {
  const [, draw] = useState(0);
  useEffect(() => {
    const moved = () => draw((n) => n + 1);
    addEventListener("editor-moved", moved);
    return () => removeEventListener("editor-moved", moved);
  }, []);
  const link = async () => {
    const href = (await ask({ title: t("addLink"), input: "https://", inputName: t("linkAddress"), action: t("insert") }))?.trim();
    if (href && /^(https?:\/\/|mailto:)\S+$/i.test(href)) editor.current?.link(href);
  };
  return (
    <div class="formats" role="toolbar" aria-label={t("formatting")} onMouseDown={(event) => event.preventDefault()}>
      {FORMATS.map(([format, icon, keys]) => (
        <IconButton key={format} icon={icon} size={17} name={t(format)} keys={keys} pressed={editor.current?.has(format) ?? false} onClick={() => editor.current?.toggle(format)} />
      ))}
      <IconButton icon="bullets" size={17} name={t("bullets")} onClick={() => editor.current?.list(false)} />
      <IconButton icon="numbers" size={17} name={t("numbers")} onClick={() => editor.current?.list(true)} />
      <IconButton icon="quote" size={17} name={t("quote")} onClick={() => editor.current?.quote()} />
      <IconButton icon="link" size={17} name={t("addLink")} onClick={() => void link()} />
      <IconButton icon="clear" size={17} name={t("clearFormat")} onClick={() => editor.current?.clear()} />
    </div>
  );
}

function AttachedFiles({ draft, changed }: { draft: Draft; changed: () => void }) {
  const files = draft.attached.filter((one) => !one.cid || !one.blobId);
  if (files.length === 0) return null;
  return (
    <ul class="attached">
      {files.map((one) => (
        <li key={one.key} class={one.failure ? "bad" : ""}>
          <Icon name={one.type.startsWith("image/") ? "image" : "file"} size={18} />
          <span class="name">{one.name}</span>
          <span class="muted">{one.failure ?? size(one.size)}</span>
          {!one.blobId && !one.failure && <progress max={1} value={one.share} aria-label={t("uploading", { name: one.name })} />}
          <IconButton icon="close" size={15} name={t("removeFile", { name: one.name })}
            onClick={() => {
              draft.attached = draft.attached.filter((other) => other !== one);
              changed();
            }} />
        </li>
      ))}
    </ul>
  );
}

/** Times people mean by later; another one by date and time. */
function Later({ send }: { send: (at: Date) => void }) {
  const at = (days: number, hour: number) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const toMonday = (8 - new Date().getDay()) % 7 || 7;
  const choices: [string, Date][] = [[t("thisEvening"), at(0, 18)], [t("tomorrowMorning"), at(1, 8)], [t("mondayMorning"), at(toMonday, 8)]];
  const [own, setOwn] = useState("");
  return (
    <Menu form up align="left" name={t("sendLater")} button={(open, toggle) => <IconButton icon="clock" name={t("sendLater")} hasPopup="dialog" expanded={open} onClick={toggle} />}>
      {(close) => (
        <>
          <div class="menu-title">{t("sendLater")}</div>
          {choices.filter(([, date]) => date.getTime() > Date.now()).map(([words, date]) => (
            <button type="button" key={words} onClick={() => { close(); send(date); }}>
              <Icon name="clock" />
              {words}
            </button>
          ))}
          <form class="menu-form" onSubmit={(event) => { event.preventDefault(); close(); send(new Date(own)); }}>
            <input type="datetime-local" aria-label={t("date")} required value={own} onInput={(event) => setOwn(event.currentTarget.value)} />
            <button class="button">{t("sendLater")}</button>
          </form>
        </>
      )}
    </Menu>
  );
}

