import { Icon } from "./icons";
import type { FullEmail } from "./types";
import { t } from "./words";

/** Why this mail was judged as it was, in plain words, from what the server wrote on top of it (RFC 8601). */
export function Judgement({ email }: { email: FullEmail }) {
  const results = (email["header:Authentication-Results:asText:all"] ?? [])[0] ?? "";
  const status = email["header:X-Spam-Status:asText"] ?? "";
  const lines = [...authentication(results), ...spam(status)];
  if (lines.length === 0) return null;
  return (
    <section class="judgement" aria-label={t("whyJudged")}>
      <h2>
        <Icon name="shield" size={16} />
        {t("whyJudged")}
      </h2>
      <ul>
        {lines.map(({ good, words }) => (
          <li key={words} class={good === null ? "" : good ? "good" : "bad"}>
            {words}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Line {
  good: boolean | null;
  words: string;
}

function authentication(results: string): Line[] {
  const lines: Line[] = [];
  const method = (name: string) => new RegExp(`(?:^|[;\\s])${name}=(\\w+)`, "i").exec(results)?.[1]?.toLowerCase();
  const property = (name: string) => new RegExp(`${name.replace(".", "\\.")}=([^\\s;()]+)`, "i").exec(results)?.[1] ?? "";
  const dmarc = method("dmarc");
  const domain = property("header.from");
  if (dmarc === "pass") lines.push({ good: true, words: t("dmarcPass", { domain }) });
  else if (dmarc === "fail") lines.push({ good: false, words: t("dmarcFail", { domain }) });
  else if (dmarc) lines.push({ good: null, words: t("dmarcNone", { domain }) });
  const spf = method("spf");
  const by = property("smtp.mailfrom") || property("smtp.helo");
  if (spf === "pass") lines.push({ good: true, words: t("spfPass", { domain: by }) });
  else if (spf === "fail" || spf === "softfail") lines.push({ good: false, words: t("spfFail", { domain: by }) });
  else if (spf) lines.push({ good: null, words: t("spfNone") });
  const dkim = method("dkim");
  if (dkim === "pass") lines.push({ good: true, words: t("dkimPass", { domain: property("header.d") }) });
  else if (dkim === "none") lines.push({ good: null, words: t("dkimNone") });
  else if (dkim) lines.push({ good: false, words: t("dkimFail") });
  return lines;
}

function spam(status: string): Line[] {
  if (!status) return [];
  const score = /score=(-?[\d.]+)/.exec(status)?.[1] ?? "?";
  const limit = /required=(-?[\d.]+)/.exec(status)?.[1] ?? "?";
  const tests = /tests=([^\s]*(?:,\s+[^\s=]+)*)/.exec(status)?.[1]?.replace(/\s+/g, "").split(",").filter((name) => name && name !== "none") ?? [];
  const lines: Line[] = [{ good: !/^yes/i.test(status.trim()), words: t("spamScore", { score, limit }) }];
  if (tests.length > 0) lines.push({ good: null, words: t("spamReasons", { reasons: tests.join(", ") }) });
  return lines;
}
