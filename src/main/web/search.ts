import type { Mailbox } from "./types";

export type Filter = Record<string, unknown>;

/** Words in quotes belong together; a key may stand before either: from:"Ada Lovelace". */
const WORD = /(-)?(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi;

const UNITS: Record<string, number> = { k: 1e3, m: 1e6, g: 1e9 };

function date(text: string): string | null {
  const relative = /^(\d+)([dwmy])$/i.exec(text);
  if (relative) {
    const days = { d: 1, w: 7, m: 30, y: 365 }[relative[2]!.toLowerCase() as "d"]!;
    return new Date(Date.now() - Number(relative[1]) * days * 86_400_000).toISOString().replace(/\.\d+/, "");
  }
  const day = /^\d{4}(-\d{1,2}(-\d{1,2})?)?$/.test(text) ? text.split("-").map(Number) : null;
  const at = day ? new Date(day[0]!, (day[1] ?? 1) - 1, day[2] ?? 1) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString().replace(/\.\d+/, "") : null;
}

function size(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)([kmg])?b?$/i.exec(text);
  return parts ? Math.round(Number(parts[1]) * (UNITS[parts[2]?.toLowerCase() ?? ""] ?? 1)) : null;
}

function mailboxNamed(name: string, mailboxes: Mailbox[]): Mailbox | undefined {
  const wanted = name.toLowerCase();
  return mailboxes.find((m) => m.role === wanted) ?? mailboxes.find((m) => m.name.toLowerCase() === wanted) ?? mailboxes.find((m) => m.name.toLowerCase().startsWith(wanted));
}

function condition(key: string, value: string, mailboxes: Mailbox[]): Filter | null {
  switch (key) {
    case "from":
    case "to":
    case "cc":
    case "bcc":
    case "subject":
    case "body":
      return { [key]: value };
    case "has":
      return /^(attachment|anhang)/i.test(value) ? { hasAttachment: true } : null;
    case "is":
      return { unread: { notKeyword: "$seen" }, read: { hasKeyword: "$seen" }, flagged: { hasKeyword: "$flagged" }, starred: { hasKeyword: "$flagged" }, answered: { hasKeyword: "$answered" } }[value.toLowerCase()] ?? null;
    case "label":
      return { hasKeyword: value };
    case "before": {
      const at = date(value);
      return at ? { before: at } : null;
    }
    case "after": {
      const at = date(value);
      return at ? { after: at } : null;
    }
    case "larger":
    case "smaller": {
      const octets = size(value);
      return octets === null ? null : { [key === "larger" ? "minSize" : "maxSize"]: octets };
    }
    case "in": {
      const mailbox = mailboxNamed(value, mailboxes);
      return mailbox ? { inMailbox: mailbox.id } : null;
    }
    default:
      return null;
  }
}

/**
 * What was typed as a filter of RFC 8621 §4.4.1. What is no key with a value it understands is text to be found. Without in: trash and junk are
 * left out, as people expect.
 */
export function parseSearch(text: string, mailboxes: Mailbox[]): Filter {
  const conditions: Filter[] = [];
  let placed = false;
  for (const [whole, minus, key, quoted, plain] of text.matchAll(WORD)) {
    const value = quoted ?? plain ?? "";
    const found = key ? condition(key.toLowerCase(), value, mailboxes) : null;
    if (found && "inMailbox" in found) placed = true;
    const one = found ?? { text: key && !found ? whole.replace(/^-/, "").replaceAll('"', "") : value };
    if (Object.values(one)[0] === "") continue;
    conditions.push(minus ? { operator: "NOT", conditions: [one] } : one);
  }
  const hidden = mailboxes.filter((m) => m.role === "trash" || m.role === "junk").map((m) => m.id);
  if (!placed && hidden.length > 0) conditions.push({ inMailboxOtherThan: hidden });
  return conditions.length === 1 ? conditions[0]! : { operator: "AND", conditions };
}

/** The words of a search that stand in texts, for marking. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)]
    .filter(([, minus, key]) => !minus && (!key || ["from", "to", "cc", "subject", "body"].includes(key.toLowerCase())))
    .map(([, , , quoted, plain]) => (quoted ?? plain ?? "").toLowerCase())
    .filter((word) => word.length > 1);
}
