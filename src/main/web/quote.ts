import type { Config } from "dompurify";

/** What of a foreign message may go on in an answer: its looks, nothing that runs, asks or loads but its pictures. */
export const QUOTABLE: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ["form", "input", "button", "select", "option", "textarea", "svg", "math", "audio", "video", "source", "track", "iframe", "object", "embed", "link", "meta", "base", "dialog", "template", "style", "details", "summary"],
  FORBID_ATTR: ["ping", "srcdoc", "action", "formaction", "autofocus", "contenteditable", "id", "name"],
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
};

const BLOCKS = /^(P|DIV|BLOCKQUOTE|LI|UL|OL|TR|TABLE|H[1-6]|PRE|SECTION|ARTICLE|HEADER|FOOTER)$/;
const MAX_DEPTH = 200;

/** The words of HTML, for those who read text: parsed in a document that is never shown. */
export function htmlToText(html: string): string {
  // Looks are of no interest, and no page of ours may have them.
  const document = new DOMParser().parseFromString(html.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, ""), "text/html");
  const out: string[] = [];
  walk(document.body, out, "", 0);
  return out.join("").replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}

function walk(node: Node, out: string[], prefix: string, depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      const text = node.nodeName === "PRE" ? (child.textContent ?? "") : (child.textContent ?? "").replace(/\s+/g, " ");
      if (text.trim() || (out.length > 0 && !out.at(-1)!.endsWith("\n"))) out.push(text);
    } else if (child instanceof Element) element(child, out, prefix, depth);
  }
}

function element(child: Element, out: string[], prefix: string, depth: number): void {
  if (/^(STYLE|SCRIPT|HEAD|TITLE)$/.test(child.tagName)) return;
  if (child.tagName === "BR") {
    out.push("\n");
    return;
  }
  if (child.tagName === "HR") {
    out.push("\n----------\n");
    return;
  }
  const block = BLOCKS.test(child.tagName);
  if (block && out.length > 0 && !out.at(-1)!.endsWith("\n")) out.push("\n");
  if (child.tagName === "LI") out.push(child.parentElement?.tagName === "OL" ? `${[...child.parentElement.children].indexOf(child) + 1}. ` : "• ");
  if (child.tagName === "BLOCKQUOTE") {
    const inner: string[] = [];
    walk(child, inner, prefix, depth + 1);
    out.push(inner.join("").trim().split("\n").map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`)).join("\n"));
  } else walk(child, out, prefix, depth + 1);
  if (child.tagName === "A") {
    const href = child.getAttribute("href") ?? "";
    if (/^https?:/i.test(href) && !(child.textContent ?? "").includes(href)) out.push(` <${href}>`);
  }
  if (block && out.length > 0 && !out.at(-1)!.endsWith("\n")) out.push("\n");
}
