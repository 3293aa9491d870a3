import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { DOMParser as ProseParser, DOMSerializer, Schema, type MarkType, type Node as ProseNode } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection, type Command } from "prosemirror-state";
import { EditorView, type NodeView } from "prosemirror-view";
import { htmlToText } from "./quote";
import { sanitize } from "./sanitize";
import { t } from "./words";

/** The rich text editor. A quoted original is one opaque block that keeps its HTML as it is. */
const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }, { tag: "div" }], toDOM: () => ["p", 0] },
    quoted: {
      group: "block",
      atom: true,
      selectable: true,
      attrs: { html: { default: "" }, forwarded: { default: false } },
      parseDOM: [{ tag: "blockquote[type=cite]", priority: 80, getAttrs: (dom) => ({ html: dom.innerHTML, forwarded: dom.classList.contains("forwarded") }) }],
      toDOM: (node) => ["blockquote", { type: "cite", "data-opaque": "", class: node.attrs.forwarded ? "forwarded" : "" }],
    },
    signature: { group: "block", content: "block+", defining: true, parseDOM: [{ tag: "div[data-signature]", priority: 70 }], toDOM: () => ["div", { "data-signature": "" }, 0] },
    heading: { group: "block", content: "inline*", attrs: { level: { default: 2 } }, defining: true, parseDOM: [1, 2, 3, 4].map((level) => ({ tag: `h${level}`, attrs: { level } })), toDOM: (node) => [`h${node.attrs.level}`, 0] },
    blockquote: { group: "block", content: "block+", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    code_block: { group: "block", content: "text*", marks: "", code: true, defining: true, parseDOM: [{ tag: "pre", preserveWhitespace: "full" }], toDOM: () => ["pre", ["code", 0]] },
    horizontal_rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: { group: "block", content: "list_item+", attrs: { order: { default: 1 } }, parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    text: { group: "inline" },
    image: {
      group: "inline",
      inline: true,
      attrs: { src: {}, cid: { default: null }, alt: { default: "" }, width: { default: null } },
      parseDOM: [{ tag: "img[src]", getAttrs: (dom) => {
        const src = dom.getAttribute("src") ?? "";
        if (/^cid:/i.test(src)) return { src: "", cid: src.slice(4), alt: dom.getAttribute("alt") ?? "" };
        // Pasted pictures of other sites would tell them who writes.
        return /^data:image\/(png|jpe?g|gif|webp);/i.test(src) ? { src, alt: dom.getAttribute("alt") ?? "" } : false;
      } }],
      toDOM: (node) => ["img", { src: node.attrs.cid ? `cid:${node.attrs.cid}` : node.attrs.src, alt: node.attrs.alt }],
    },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => (/^(https?:|mailto:|tel:)/i.test(dom.getAttribute("href") ?? "") ? { href: dom.getAttribute("href") } : false) }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer" }, 0],
    },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }, { style: "font-weight=bold" }, { style: "font-weight=700" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
    underline: { parseDOM: [{ tag: "u" }, { style: "text-decoration=underline" }], toDOM: () => ["u", 0] },
    strike: { parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }, { style: "text-decoration=line-through" }], toDOM: () => ["s", 0] },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

const { nodes, marks } = schema;

/** Mail has no style sheet of ours: what looks matter stands in the elements, put in as text, since no policy of ours lets a page do it. */
const STYLES: [RegExp, string][] = [
  [/<p>/g, '<p style="margin:0 0 .6em">'],
  [/<blockquote>/g, '<blockquote style="margin:0 0 .6em;padding-left:.8em;border-left:3px solid #ccc">'],
  [/<img /g, '<img style="max-width:100%" '],
];

/** The quoted original, folded; shown in the same kind of frame as when reading. */
class QuotedView implements NodeView {
  dom: HTMLElement;

  constructor(node: ProseNode, view: EditorView, getPos: () => number | undefined, picture: (cid: string) => string | null) {
    this.dom = document.createElement("div");
    this.dom.className = "quoted";
    this.dom.contentEditable = "false";
    const bar = document.createElement("div");
    bar.className = "quoted-bar";
    const button = (text: string, act: () => void) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.onclick = act;
      bar.append(made);
      return made;
    };
    let frame: HTMLIFrameElement | null = null;
    const toggle = button(`••• ${t("quotedText")}`, () => {
      if (frame) {
        frame.remove();
        frame = null;
      } else {
        frame = quotedFrame(node.attrs.html, picture);
        this.dom.append(frame);
      }
      toggle.setAttribute("aria-expanded", String(frame !== null));
    });
    toggle.setAttribute("aria-expanded", "false");
    button(t("removeQuote"), () => {
      const at = getPos();
      if (at !== undefined) view.dispatch(view.state.tr.delete(at, at + 1));
      view.focus();
    });
    this.dom.append(bar);
    if (node.attrs.forwarded) toggle.click();
  }

  stopEvent(): boolean {
    return true;
  }

  ignoreMutation(): boolean {
    return true;
  }
}

function quotedFrame(html: string, picture: (cid: string) => string | null): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.title = t("quotedText");
  frame.src = "/frame.html";
  frame.onload = () => {
    const inside = frame.contentDocument;
    if (!inside?.body) return;
    const clean = sanitize(html, frame.contentWindow!, { pictures: false, cid: picture });
    inside.body.replaceChildren(inside.importNode(clean.body, true));
    frame.style.height = `${Math.min(inside.documentElement.scrollHeight + 8, 2000)}px`;
  };
  return frame;
}

class PictureView implements NodeView {
  dom: HTMLElement;

  constructor(node: ProseNode, picture: (cid: string) => string | null) {
    const image = document.createElement("img");
    image.alt = node.attrs.alt;
    image.src = node.attrs.cid ? (picture(node.attrs.cid) ?? "") : node.attrs.src;
    this.dom = image;
  }
}

function keys(): Record<string, Command> {
  return {
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Mod-b": toggleMark(marks.strong),
    "Mod-i": toggleMark(marks.em),
    "Mod-u": toggleMark(marks.underline),
    "Mod-Shift-7": wrapInList(nodes.ordered_list),
    "Mod-Shift-8": wrapInList(nodes.bullet_list),
    "Mod-Shift-9": wrapIn(nodes.blockquote),
    Enter: splitListItem(nodes.list_item),
    Tab: sinkListItem(nodes.list_item),
    "Shift-Tab": liftListItem(nodes.list_item),
    "Shift-Enter": chainCommands(exitCode, (state, dispatch) => {
      dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
      return true;
    }),
  };
}

function rules() {
  return inputRules({
    rules: [
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      wrappingInputRule(/^\s*([-*•])\s$/, nodes.bullet_list),
      wrappingInputRule(/^(\d+)\.\s$/, nodes.ordered_list),
      textblockTypeInputRule(/^```$/, nodes.code_block),
    ],
  });
}

function active(state: EditorState, type: MarkType): boolean {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

export type Format = "strong" | "em" | "underline" | "strike" | "code";

export class Editor {
  readonly view: EditorView;

  /** @param changed called after each change of the text; moved after each other step */
  constructor(place: HTMLElement, html: string, hooks: { changed: () => void; moved: () => void; files: (files: File[]) => void; picture: (cid: string) => string | null }) {
    const parsed = ProseParser.fromSchema(schema).parse(new DOMParser().parseFromString(html, "text/html").body);
    const state = EditorState.create({
      doc: parsed,
      plugins: [rules(), keymap(keys()), keymap(baseKeymap), history(), new Plugin({ props: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": t("messageText"), spellcheck: "true" },
        // Escape is the window's: it saves and closes. Whoever handles a key here says so, and the editor leaves it alone.
        handleDOMEvents: { keydown: (_, event) => event.key === "Escape" } } })],
    });
    this.view = new EditorView(place, {
      state: state.apply(state.tr.setSelection(TextSelection.atStart(state.doc))),
      nodeViews: {
        quoted: (node, view, getPos) => new QuotedView(node, view, getPos, hooks.picture),
        image: (node) => new PictureView(node, hooks.picture),
      },
      dispatchTransaction: (transaction) => {
        this.view.updateState(this.view.state.apply(transaction));
        if (transaction.docChanged) hooks.changed();
        hooks.moved();
      },
      handlePaste: (_, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length > 0 && !event.clipboardData?.types.includes("text/html")) {
          hooks.files(files);
          return true;
        }
        return false;
      },
      handleDrop: (_, event) => [...(event.dataTransfer?.files ?? [])].length > 0,
    });
  }

  html(): string {
    const inert = document.implementation.createHTMLDocument("");
    const serializer = DOMSerializer.fromSchema(schema);
    const box = inert.createElement("div");
    serializer.serializeFragment(this.view.state.doc.content, { document: inert }, box);
    const quotes: string[] = [];
    this.view.state.doc.descendants((node) => {
      if (node.type === nodes.quoted) quotes.push(node.attrs.html);
      return true;
    });
    let i = 0;
    const own = STYLES.reduce((text, [tag, styled]) => text.replace(tag, styled), box.innerHTML);
    return own.replace(/(<blockquote type="cite" )data-opaque=""( class="(?:forwarded)?")?>/g, (_, start: string, rest: string | undefined) => `${start.trimEnd()}${rest === ' class="forwarded"' ? rest : ' style="margin:0 0 0 .8ex;padding-left:1ex;border-left:2px solid #ccc"'}>${quotes[i++] ?? ""}`);
  }

  text(): string {
    return htmlToText(this.html());
  }

  isEmpty(): boolean {
    return this.view.state.doc.textContent.trim() === "" && !/<img|<hr/.test(this.html());
  }

  has(format: Format): boolean {
    return active(this.view.state, marks[format]);
  }

  toggle(format: Format): void {
    this.run(toggleMark(marks[format]));
  }

  list(ordered: boolean): void {
    if (!this.run(liftListItem(nodes.list_item))) this.run(wrapInList(ordered ? nodes.ordered_list : nodes.bullet_list));
  }

  quote(): void {
    this.run(wrapIn(nodes.blockquote));
  }

  heading(level: number): void {
    const here = this.view.state.selection.$from.parent;
    this.run(here.type === nodes.heading && here.attrs.level === level ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level }));
  }

  clear(): void {
    const { from, to } = this.view.state.selection;
    this.view.dispatch(this.view.state.tr.removeMark(from, to));
    this.run(setBlockType(nodes.paragraph));
  }

  link(href: string): void {
    const { from, to, empty } = this.view.state.selection;
    const mark = marks.link.create({ href });
    if (empty) this.view.dispatch(this.view.state.tr.insert(from, schema.text(href, [mark])));
    else this.view.dispatch(this.view.state.tr.addMark(from, to, mark));
    this.view.focus();
  }

  picture(cid: string, alt: string): void {
    this.view.dispatch(this.view.state.tr.replaceSelectionWith(nodes.image.create({ src: "", cid, alt })));
  }

  /** Puts another signature in place of the one that is there. */
  setSignature(html: string): void {
    let found: { from: number; to: number } | null = null;
    this.view.state.doc.forEach((node, at) => {
      if (node.type === nodes.signature) found = { from: at, to: at + node.nodeSize };
    });
    const parsed = html ? ProseParser.fromSchema(schema).parse(new DOMParser().parseFromString(html, "text/html").body).content : null;
    const place = found as { from: number; to: number } | null;
    const tr = this.view.state.tr;
    if (place && parsed) tr.replaceWith(place.from, place.to, parsed);
    else if (place) tr.delete(place.from, place.to);
    else if (parsed) {
      let at = this.view.state.doc.content.size;
      this.view.state.doc.forEach((node, from) => {
        if (node.type === nodes.quoted && from < at) at = from;
      });
      tr.insert(at, parsed);
    } else return;
    this.view.dispatch(tr);
  }

  focus(): void {
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }

  private run(command: Command): boolean {
    const done = command(this.view.state, this.view.dispatch);
    this.view.focus();
    return done;
  }
}
