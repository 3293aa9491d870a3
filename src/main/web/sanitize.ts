import DOMPurify from "dompurify";

/** What may be shown of a message's HTML. */
export interface Clean {
  body: DocumentFragment;
  styles: string[];
  bodyAttributes: [string, string][];
  /** Pictures and the like of other sites that were left out. */
  blocked: number;
  /** Whether it has no colours and backgrounds of its own. */
  plain: boolean;
}

const FORBIDDEN = ["form", "input", "button", "select", "option", "textarea", "optgroup", "datalist", "fieldset", "legend", "label", "output", "meter", "progress",
  "svg", "math", "audio", "video", "source", "track", "iframe", "object", "embed", "applet", "link", "meta", "base", "dialog", "template", "slot", "noscript", "picture", "map", "area", "marquee"];
const LINKS = /^(https?:|mailto:|tel:)/i;
const REMOTE = /^\s*(https?:)?\/\//i;
const PICTURE = /^data:image\/(png|jpe?g|gif|webp|bmp|avif);base64,[a-z0-9+/=\s]*$/i;
const BODY_ATTRIBUTES = ["bgcolor", "style", "text", "dir", "align"];
const URL_IN_CSS = /url\s*\(|image-set\s*\(|@import|expression\s*\(|-moz-binding|behavior\s*:/i;
const HOST = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]|$)/i;
const COLOURS = /color|background/i;
const QUOTES = "blockquote[type=cite], .gmail_quote_container, .gmail_quote, .protonmail_quote, .moz-cite-prefix + blockquote";

/**
 * Takes from HTML all that could run, send or pretend. The result is a tree, never text to be parsed again. It is parsed in the realm of
 * the frame that will show it, whose policy allows the message's own styles.
 */
export function sanitize(html: string, frame: Window, options: { pictures: boolean; cid: (id: string) => string | null }): Clean {
  const purify = DOMPurify(frame as unknown as Parameters<typeof DOMPurify>[0]);
  const count = { blocked: 0 };
  purify.addHook("afterSanitizeAttributes", (node) => {
    if (node.nodeType === Node.ELEMENT_NODE) attributes(node as Element, options, count);
  });
  const root = purify.sanitize(html, {
    WHOLE_DOCUMENT: true,
    RETURN_DOM: true,
    USE_PROFILES: { html: true },
    ADD_TAGS: ["style"],
    ADD_ATTR: ["target"],
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ["srcset", "poster", "ping", "srcdoc", "action", "formaction", "autofocus", "tabindex", "contenteditable", "background-image", "download", "usemap", "popover", "popovertarget", "accesskey"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    SANITIZE_NAMED_PROPS: true,
    // Judged again in the hook. DOMPurify asks this of every attribute: what is no URL must pass.
    ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid|data):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  }) as unknown as HTMLElement;
  purify.removeAllHooks();
  const body = root.querySelector("body") ?? root;
  const styles = [...root.querySelectorAll("style")].map((style) => {
    style.remove();
    return css(style.textContent ?? "", options.pictures, count);
  });
  foldQuotes(body);
  const fragment = body.ownerDocument.createDocumentFragment();
  fragment.append(...body.childNodes);
  const bodyAttributes = BODY_ATTRIBUTES.filter((name) => body.hasAttribute(name)).map((name) => [name, body.getAttribute(name)!] as [string, string]);
  const coloured = styles.some((text) => COLOURS.test(text)) || fragment.querySelector("[bgcolor], [background], font[color], [style*=color], [style*=background]") !== null
    || bodyAttributes.some(([name, value]) => name !== "dir" && name !== "align" && (name !== "style" || COLOURS.test(value)));
  return { body: fragment, styles, bodyAttributes, blocked: count.blocked, plain: !coloured };
}

function attributes(node: Element, options: { pictures: boolean; cid: (id: string) => string | null }, count: { blocked: number }): void {
  if (node.hasAttribute("style")) {
    const style = node.getAttribute("style")!;
    if (URL_IN_CSS.test(unescapeCss(style)) && !options.pictures) {
      count.blocked++;
      node.setAttribute("style", withoutUrls(style));
    }
    if (/position\s*:\s*(fixed|sticky)/i.test(unescapeCss(style))) node.setAttribute("style", `${node.getAttribute("style")};position:static`);
  }
  if (node.hasAttribute("background")) {
    if (!options.pictures || !REMOTE.test(node.getAttribute("background")!)) node.removeAttribute("background");
    count.blocked++;
  }
  if (node.tagName === "IMG") picture(node, options, count);
  else node.removeAttribute("src");
  if (node.tagName === "A") link(node);
  else node.removeAttribute("href");
}

function picture(node: Element, options: { pictures: boolean; cid: (id: string) => string | null }, count: { blocked: number }): void {
  const source = node.getAttribute("src")?.trim() ?? "";
  node.setAttribute("loading", "lazy");
  if (/^cid:/i.test(source)) {
    const url = options.cid(decode(source.slice(4)));
    if (url) node.setAttribute("src", url);
    else node.removeAttribute("src");
  } else if (PICTURE.test(source)) {
    // It is here already.
  } else if (REMOTE.test(source) && options.pictures) {
    node.setAttribute("referrerpolicy", "no-referrer");
  } else {
    if (REMOTE.test(source)) count.blocked++;
    node.removeAttribute("src");
    node.classList.add("blocked-picture");
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Links open elsewhere; one whose text names another host than it leads to says so. */
function link(node: Element): void {
  const href = node.getAttribute("href")?.trim() ?? "";
  if (!LINKS.test(href)) {
    node.removeAttribute("href");
    return;
  }
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
  let host = "";
  try {
    host = new URL(href).hostname.toLowerCase();
  } catch {
    node.removeAttribute("href");
    return;
  }
  node.setAttribute("title", href.slice(0, 300));
  const named = HOST.exec((node.textContent ?? "").trim())?.[1]?.toLowerCase();
  if (named && /^https?:/i.test(href) && !sameSite(named, host)) {
    const warning = node.ownerDocument.createElement("span");
    warning.textContent = ` [→ ${host}]`;
    warning.setAttribute("style", "color:#b3261e;font-weight:bold");
    node.append(warning);
  }
}

function sameSite(a: string, b: string): boolean {
  const bare = (host: string) => host.replace(/^www\./, "");
  return bare(a) === bare(b) || bare(b).endsWith(`.${bare(a)}`);
}

/** CSS of style elements: without pictures nothing that loads; the frame's policy holds in any case. */
function css(text: string, pictures: boolean, count: { blocked: number }): string {
  const plain = unescapeCss(text);
  if (!URL_IN_CSS.test(plain)) return text;
  if (/@import|url\s*\(\s*['"]?\s*(https?:)?\/\//i.test(plain) && !pictures) count.blocked++;
  return pictures ? text.replace(/@import[^;]*;?/gi, "") : withoutUrls(plain);
}

function withoutUrls(text: string): string {
  return unescapeCss(text).replace(/@import[^;]*;?/gi, "").replace(/(?:url|image-set|-webkit-image-set|image)\s*\((?:"[^"]*"|'[^']*'|[^)])*\)?/gi, "none");
}

/** \75rl( is url( (CSS escapes); comments may stand between. */
function unescapeCss(text: string): string {
  return text.replace(/\/\*[\s\S]*?(\*\/|$)/g, "").replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => {
    const code = parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}

function foldQuotes(body: Element): void {
  for (const quote of body.querySelectorAll(QUOTES)) {
    if (quote.closest("details") || !quote.parentNode || (body.textContent ?? "").trim() === (quote.textContent ?? "").trim()) continue;
    const details = body.ownerDocument.createElement("details");
    details.className = "quote";
    const summary = body.ownerDocument.createElement("summary");
    summary.textContent = "•••";
    quote.replaceWith(details);
    details.append(summary, quote);
  }
}
