import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons";
import { call, capability } from "./jmap";
import { failed } from "./toast";
import { OWNER, type Id, type JudgementLine } from "./types";
import { isWord, t } from "./words";

/**
 * Why this mail was judged as it was, in plain words. The server says what it wrote itself when the mail came in (docs/jmap-vendor.md): fields of
 * the same names that the sender put into the message must not speak here.
 */
export function Judgement({ id }: { id: Id }) {
  const [lines, setLines] = useState<JudgementLine[]>([]);
  useEffect(() => {
    if (capability(OWNER)) {
      call(["EmailJudgement/get", { ids: [id], properties: ["lines"] }]).then(([answer]) => setLines(answer.list[0]?.lines ?? []), failed);
    }
  }, [id]);
  if (lines.length === 0) return null;
  return (
    <section class="judgement" aria-label={t("whyJudged")}>
      <h2>
        <Icon name="shield" size={16} />
        {t("whyJudged")}
      </h2>
      <ul>
        {lines.map((line) => (
          <li key={line.text} class={line.good === null ? "" : line.good ? "good" : "bad"}>
            {words(line)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the filter saw is told in the server's words, as rules are the operator's matter. */
function words({ code, values, text }: JudgementLine): string {
  return isWord(code) ? t(code, values) : text;
}
