import type { ComponentChildren } from "preact";
import { compose } from "./composing";
import { t } from "./words";

const LINK = /\b(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/gi;
const FOLD_FROM = 3;
const MAX_DEPTH = 8;

/** Plain text: links can be followed, long quotes are folded. No HTML is made of it. */
export function TextBody({ text }: { text: string }) {
  return <div class="text-body">{blocks(text.replaceAll("\r\n", "\n").split("\n"), 0)}</div>;
}

function blocks(lines: string[], depth: number): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let i = 0;
  while (i < lines.length) {
    const quoted = lines[i]!.startsWith(">");
    let end = i;
    while (end < lines.length && lines[end]!.startsWith(">") === quoted) end++;
    const some = lines.slice(i, end);
    if (!quoted) out.push(<p key={i}>{paragraph(some)}</p>);
    else {
      const inner = some.map((line) => line.replace(/^> ?/, ""));
      const quote = <blockquote class={`depth-${depth % 4}`}>{depth < MAX_DEPTH ? blocks(inner, depth + 1) : inner.join("\n")}</blockquote>;
      out.push(
        some.length > FOLD_FROM && depth === 0 ? (
          <details key={i} class="quote" open={end === lines.length && i === 0}>
            <summary title={t("quotedText")} aria-label={t("quotedText")}>
              •••
            </summary>
            {quote}
          </details>
        ) : (
          <div key={i}>{quote}</div>
        ),
      );
    }
    i = end;
  }
  return out;
}

/** The signature after "-- " is quieter. */
function paragraph(lines: string[]): ComponentChildren {
  const at = lines.findIndex((line) => line === "-- " || line === "--");
  if (at < 0) return linked(lines.join("\n"));
  return [linked(lines.slice(0, at).join("\n")), <span class="signature">{linked(`\n${lines.slice(at).join("\n")}`)}</span>];
}

export function linked(text: string): ComponentChildren[] {
  return text.split(LINK).map((piece, i) => {
    if (i % 2 === 0) return piece;
    if (piece.includes("://")) {
      return (
        <a key={i} href={piece} target="_blank" rel="noopener noreferrer">
          {piece}
        </a>
      );
    }
    return (
      <a key={i} href={`mailto:${piece}`} onClick={(event) => { event.preventDefault(); compose({ kind: "mailto", link: `mailto:${piece}` }); }}>
        {piece}
      </a>
    );
  });
}
