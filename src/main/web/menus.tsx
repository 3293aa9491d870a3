import { useState } from "preact/hooks";
import { label, labelsOf, mailboxName, moveTo } from "./actions";
import { Menu } from "./dialogs";
import { Icon, IconButton } from "./icons";
import { list, mailboxes, messagesOf } from "./mail";
import { knownLabels, newLabel, tree } from "./sidebar";
import { use } from "./signal";
import type { Id } from "./types";
import { t } from "./words";

/** Folders to move to, narrowed by typing. */
export function MoveMenu({ threadIds }: { threadIds: Id[] }) {
  const all = use(mailboxes);
  const [text, setText] = useState("");
  const here = list.value?.mailbox?.id;
  const fitting = tree(all).filter(([m]) => m.id !== here && mailboxName(m).toLowerCase().includes(text.toLowerCase()));
  return (
    <Menu form name={t("moveTo")} button={(open, toggle) => <IconButton icon="move" name={t("moveTo")} hasPopup="dialog" expanded={open} onClick={toggle} />}>
      {(close) => (
        <>
          <input class="menu-filter" type="text" placeholder={t("moveTo")} aria-label={t("moveTo")} value={text} onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              const first = fitting[0];
              if (event.key === "Enter" && first) {
                close();
                void moveTo(threadIds, first[0]);
              }
            }} />
          {fitting.map(([mailbox, depth]) => (
            <button type="button" key={mailbox.id} style={{ paddingLeft: `${12 + depth * 14}px` }} onClick={() => { close(); void moveTo(threadIds, mailbox); }}>
              <Icon name="folder" />
              {mailboxName(mailbox)}
            </button>
          ))}
        </>
      )}
    </Menu>
  );
}

export function LabelMenu({ threadIds }: { threadIds: Id[] }) {
  const has = (name: string) => threadIds.every((id) => messagesOf(id).some((email) => labelsOf(email).includes(name)));
  return (
    <Menu name={t("labels")} button={(open, toggle) => <IconButton icon="label" name={t("labels")} hasPopup expanded={open} onClick={toggle} />}>
      {(close) => (
        <>
          {knownLabels().map((name) => (
            <button key={name} role="menuitemcheckbox" aria-checked={has(name)} onClick={() => { close(); void label(threadIds, name, !has(name)); }}>
              <Icon name={has(name) ? "check" : "label"} />
              {name}
            </button>
          ))}
          <button role="menuitem" onClick={() => {
            close();
            void newLabel().then((name) => (name ? label(threadIds, name, true) : undefined));
          }}>
            <Icon name="plus" />
            {t("newLabel")}
          </button>
        </>
      )}
    </Menu>
  );
}
