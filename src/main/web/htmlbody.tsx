import { useEffect, useRef, useState } from "preact/hooks";
import { compose } from "./composing";
import { downloadUrl } from "./jmap";
import { sanitize } from "./sanitize";
import type { FullEmail } from "./types";
import { t } from "./words";

/**
 * A message's HTML in a page of its own, which runs no script by three rules: the sanitizer's, the sandbox's and that page's
 * Content-Security-Policy (web.Webmail). It is of our origin so that we, not it, can fill it and measure it.
 */
export function HtmlBody(props: { html: string; email: FullEmail; pictures: boolean; blocked: (count: number) => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(60);
  const page = props.pictures ? "/frame-pictures.html" : "/frame.html";
  const fill = () => {
    const inside = frame.current?.contentDocument;
    if (!inside?.body || !inside.location.pathname.startsWith("/frame")) return;
    const clean = sanitize(props.html, frame.current!.contentWindow!, {
      pictures: props.pictures,
      cid: (id) => {
        const part = [...props.email.attachments, ...props.email.htmlBody].find((one) => one.cid === id && one.blobId && /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(one.type));
        return part ? downloadUrl(part.blobId!, part.type, part.name ?? "picture") : null;
      },
    });
    props.blocked(clean.blocked);
    inside.head.querySelectorAll("style").forEach((style) => style.remove());
    for (const css of clean.styles) {
      const style = inside.createElement("style");
      style.textContent = css;
      inside.head.append(style);
    }
    inside.body.replaceChildren(inside.importNode(clean.body, true));
    for (const [name, value] of clean.bodyAttributes) inside.body.setAttribute(name, value);
    // Text that brings no colours of its own takes those of the page.
    inside.documentElement.className = `${clean.plain ? "plain" : ""} ${isDark() ? "dark" : ""}`;
    inside.addEventListener("click", followed);
    inside.addEventListener("keydown", passOn);
    const measure = () => setHeight(Math.min(inside.documentElement.scrollHeight, 60_000));
    const observer = new ResizeObserver(() => {
      // The frame's own height must not hold up what shrank.
      setHeight(Math.min(Math.ceil(inside.body.getBoundingClientRect().height + 8), 60_000));
      measure();
    });
    observer.observe(inside.body);
    inside.addEventListener("load", measure, true);
    measure();
  };
  useEffect(fill, [props.html]);
  return (
    <iframe key={page} ref={frame} class="html-body" src={page} title={t("messageText")} sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer" style={{ height: `${height}px` }} onLoad={fill} />
  );
}

function isDark(): boolean {
  return getComputedStyle(document.documentElement).colorScheme === "dark";
}

function followed(event: Event): void {
  const link = (event.target as Element).closest?.("a[href]");
  const href = link?.getAttribute("href") ?? "";
  if (/^mailto:/i.test(href)) {
    event.preventDefault();
    compose({ kind: "mailto", link: href });
  }
}

/** Keys work on while the message has the focus. */
function passOn(event: Event): void {
  const key = event as KeyboardEvent;
  if (key.ctrlKey || key.metaKey || key.altKey || ["Tab", " ", "Enter"].includes(key.key) || key.key.startsWith("Arrow") || key.key.startsWith("Page")) return;
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: key.key, bubbles: true, cancelable: true }));
}
