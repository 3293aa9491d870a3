import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./icons";
import { Signal, use } from "./signal";
import { t } from "./words";

interface Question {
  title: string;
  text?: string;
  action: string;
  danger?: boolean;
  /** Asks for a line; what stands in it at first. */
  input?: string;
  inputName?: string;
  /** What is typed is a password. */
  secret?: boolean;
}

const asked = new Signal<(Question & { answer: (value: string | null) => void }) | null>(null);

/** Asks; resolves to the line typed ("" without one), or null if the person went back. */
export function ask(question: Question): Promise<string | null> {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (value) => {
        asked.value = null;
        resolve(value);
      },
    };
  }).then((value) => (value === null ? null : question.input === undefined ? "yes" : (value as string)));
}

/** A window above the others: focus stays in it, Escape closes it, and focus returns to where it was. */
export function Dialog(props: { title: string; close: () => void; children: ComponentChildren; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog ref={dialog} class={`dialog ${props.wide ? "wide" : ""}`} aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onMouseDown={(event) => event.target === dialog.current && props.close()}>
      <div class="dialog-box">
        <header role="presentation">
          <h2>{props.title}</h2>
          <IconButton icon="close" name={t("close")} onClick={props.close} />
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

export function Questions() {
  const question = use(asked);
  return question ? <Ask key={question.title + question.text} question={question} /> : null;
}

function Ask({ question }: { question: NonNullable<typeof asked.value> }) {
  const [text, setText] = useState(question.input ?? "");
  return (
    <Dialog title={question.title} close={() => question.answer(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          question.answer(text);
        }}>
        {question.text && <p>{question.text}</p>}
        {question.input !== undefined && (
          <label class="field">
            <span>{question.inputName}</span>
            <input autoFocus type={question.secret ? "password" : "text"} autocomplete={question.secret ? "current-password" : "off"} value={text} onInput={(event) => setText(event.currentTarget.value)} required maxLength={question.secret ? 1000 : 200} />
          </label>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => question.answer(null)}>
            {t("cancel")}
          </button>
          <button type="submit" class={`button ${question.danger ? "danger" : "primary"}`} autoFocus={question.input === undefined}>
            {question.action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A list of things to do under a button; arrows move, Escape closes. With a field in it, it is no menu to a screen reader but a small window. */
export function Menu(props: { name: string; button: (open: boolean, toggle: () => void) => ComponentChildren; children: (close: () => void) => ComponentChildren; align?: "left" | "right"; up?: boolean; form?: boolean }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>(".menu :is(input, button)")?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("mousedown", outside);
    addEventListener("blur", outside);
    return () => {
      removeEventListener("mousedown", outside);
      removeEventListener("blur", outside);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const items = [...root.current!.querySelectorAll<HTMLElement>(".menu :is(button, input):not(:disabled)")];
      const at = items.indexOf(document.activeElement as HTMLElement);
      items.at((at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length)?.focus();
    }
  };
  return (
    <div class="menu-root" ref={root} onKeyDown={onKeyDown}>
      {props.button(open, () => setOpen(!open))}
      {open && (
        <div class={`menu ${props.align ?? "right"} ${props.up ? "up" : ""}`} role={props.form ? "dialog" : "menu"} aria-label={props.name}>
          {props.children(close)}
        </div>
      )}
    </div>
  );
}
