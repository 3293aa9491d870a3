import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, IconButton } from "./icons";
import { go, route } from "./route";
import { use } from "./signal";
import { t } from "./words";

const PAUSE = 250;
const KEYS = ["from:", "to:", "subject:", "has:attachment", "is:unread", "is:flagged", "before:", "after:", "in:", "larger:"];

/** Searches as one types; Escape leaves the search. */
export function Search() {
  const where = use(route);
  const [text, setText] = useState(where.query);
  const [focused, setFocused] = useState(false);
  const timer = useRef(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== input.current) setText(where.query);
  }, [where.query]);
  const search = (query: string, now = false) => {
    setText(query);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(
      () => {
        const next = query.trim();
        if (next) go({ view: "mail", mailbox: null, thread: null, query: next }, Boolean(route.value.query));
        else if (route.value.query) go({ view: "mail", mailbox: "inbox", thread: null, query: "" });
      },
      now ? 0 : PAUSE,
    );
  };
  const add = (key: string) => {
    const next = `${text.trim()} ${key}`.trim() + (key.endsWith(":") ? "" : " ");
    if (key.endsWith(":")) setText(next);
    else search(next, true);
    input.current?.focus();
  };
  return (
    <search class="search" onFocusIn={() => setFocused(true)} onFocusOut={(event) => !(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node) && setFocused(false)}>
      <Icon name="search" />
      <input ref={input} id="search" type="search" value={text} placeholder={t("searchMail")} aria-label={t("searchMail")} autocomplete="off" spellcheck={false} maxLength={500}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") search(text, true);
          if (event.key === "Escape") {
            search("", true);
            input.current?.blur();
          }
        }} />
      {text && <IconButton icon="close" size={16} name={t("clearSearch")} onClick={() => search("", true)} />}
      {focused && (text === "" || text.endsWith(" ")) && (
        <div class="search-keys" aria-label={t("searchKeys")} role="group">
          {KEYS.map((key) => (
            <button type="button" key={key} onMouseDown={(event) => event.preventDefault()} onClick={() => add(key)}>
              {key}
            </button>
          ))}
        </div>
      )}
    </search>
  );
}
