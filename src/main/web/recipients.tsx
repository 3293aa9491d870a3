import { useEffect, useRef, useState } from "preact/hooks";
import { hue, initials, isAddress, nameOf, parseAddresses, written } from "./format";
import { IconButton } from "./icons";
import { loadPeople, search, suggest } from "./people";
import type { Address } from "./types";
import { t } from "./words";

const PAUSE = 250;

/** Addresses as tokens, with people known from the mail while typing. */
export function Recipients(props: { name: string; id: string; value: Address[]; change: (value: Address[]) => void; focus?: boolean; children?: preact.ComponentChildren }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Address[]>([]);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => {
    void loadPeople();
    if (props.focus) input.current?.focus();
  }, []);
  const type = (value: string) => {
    setText(value);
    setAt(0);
    setFound(suggest(value, props.value));
    clearTimeout(timer.current);
    if (value.trim().length > 1) {
      timer.current = window.setTimeout(() => {
        search(value.trim()).then(() => input.current?.value === value && setFound(suggest(value, props.value))).catch(() => undefined);
      }, PAUSE);
    }
  };
  const add = (some: Address[]) => {
    if (some.length > 0) props.change([...props.value, ...some.filter((one) => !props.value.some((other) => other.email.toLowerCase() === one.email.toLowerCase()))]);
    clearTimeout(timer.current);
    setText("");
    setFound([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length > 0) {
      event.preventDefault();
      setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (["Enter", "Tab", ",", ";"].includes(event.key) && text.trim()) {
      if (event.key !== "Tab" || found.length > 0) event.preventDefault();
      add(found[at] && event.key !== "," && event.key !== ";" ? [found[at]] : parseAddresses(text));
    } else if (event.key === "Backspace" && !text && props.value.length > 0) props.change(props.value.slice(0, -1));
    else if (event.key === "Escape" && found.length > 0) {
      event.stopPropagation();
      setFound([]);
    }
  };
  return (
    <div class="recipients" onClick={() => input.current?.focus()}>
      <label for={props.id}>{props.name}</label>
      <div class="tokens">
        {props.value.map((address, i) => (
          <span key={address.email} class={`token ${isAddress(address.email) ? "" : "bad"}`} title={written(address)}>
            <span class={`avatar tiny hue-${hue(address.email)}`}>{initials(address)}</span>
            {nameOf(address)}
            <IconButton icon="close" size={13} name={t("removeAddress", { name: nameOf(address) })} onClick={() => props.change(props.value.filter((_, j) => j !== i))} />
          </span>
        ))}
        <input ref={input} id={props.id} value={text} autocomplete="off" autoCapitalize="off" spellcheck={false} inputMode="email" role="combobox" aria-expanded={found.length > 0} aria-controls={`${props.id}-found`}
          aria-autocomplete="list" aria-activedescendant={found.length > 0 ? `${props.id}-${at}` : undefined}
          onInput={(event) => type(event.currentTarget.value)} onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = event.clipboardData?.getData("text") ?? "";
            if (!/[,;\n<]/.test(pasted)) return;
            event.preventDefault();
            add(parseAddresses(pasted));
          }}
          onBlur={() => add(parseAddresses(text))} />
      </div>
      {props.children}
      {found.length > 0 && (
        <ul class="suggestions" role="listbox" id={`${props.id}-found`}>
          {found.map((address, i) => (
            <li key={address.email} id={`${props.id}-${i}`} role="option" aria-selected={i === at} class={i === at ? "at" : ""}
              onMouseDown={(event) => {
                event.preventDefault();
                add([address]);
              }}>
              <span class={`avatar tiny hue-${hue(address.email)}`}>{initials(address)}</span>
              <strong>{nameOf(address)}</strong>
              {address.name && <span class="muted">{address.email}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
