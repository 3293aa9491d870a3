import { callEach, JmapError, ref } from "./jmap";
import { byRole, emails, identities } from "./mail";
import type { Address } from "./types";

/** People written to and received from, those met often and lately first. */
interface Person {
  address: Address;
  score: number;
}

const known = new Map<string, Person>();
let loading: Promise<void> | null = null;
const RECENT = 300;

function meet(address: Address, weight: number): void {
  if (/^(no-?reply|do-?not-?reply|mailer-daemon|bounce)/i.test(address.email)) weight /= 20;
  const key = address.email.toLowerCase();
  const before = known.get(key);
  if (before) {
    before.score += weight;
    if (!before.address.name && address.name) before.address = address;
  } else known.set(key, { address, score: weight });
}

/** Looks once at the newest of Sent and Inbox. */
export function loadPeople(): Promise<void> {
  loading ??= (async () => {
    for (const email of emails.values()) for (const from of email.from ?? []) meet(from, 1);
    for (const [role, properties, weight] of [["sent", ["to", "cc", "bcc"], 5], ["inbox", ["from"], 1]] as const) {
      const mailbox = byRole(role);
      if (!mailbox) continue;
      const answers = await callEach(
        ["Email/query", { filter: { inMailbox: mailbox.id }, sort: [{ property: "receivedAt", isAscending: false }], limit: RECENT }],
        ["Email/get", { "#ids": ref(0, "Email/query", "/ids"), properties }],
      );
      if (answers[1] instanceof JmapError) continue;
      collect(answers[1].list, properties, weight);
    }
  })().catch(() => {
    loading = null;
  });
  return loading;
}

function collect(list: Record<string, Address[] | null>[], properties: readonly string[], weight: number): void {
  list.forEach((email, i) => {
    for (const property of properties) for (const address of email[property] ?? []) meet(address, weight * (1 - i / (2 * list.length)));
  });
}

function fits(person: Person, words: string[]): boolean {
  const text = `${person.address.name ?? ""} ${person.address.email}`.toLowerCase();
  return words.every((word) => text.split(/[\s@.<>"(,-]+/).some((part) => part.startsWith(word)) || text.includes(word));
}

export function suggest(text: string, taken: Address[]): Address[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const out = new Set([...taken, ...identities.value].map((address) => address.email.toLowerCase()));
  const starts = (person: Person) => (person.address.email.toLowerCase().startsWith(words[0]!) || person.address.name?.toLowerCase().startsWith(words[0]!) ? 1000 : 0);
  return [...known.values()].filter((person) => !out.has(person.address.email.toLowerCase()) && fits(person, words))
    .sort((a, b) => starts(b) + b.score - starts(a) - a.score).slice(0, 7).map((person) => person.address);
}

/** Asks the server for people further back. */
export async function search(text: string): Promise<void> {
  const answers = await callEach(
    ["Email/query", { filter: { operator: "OR", conditions: [{ from: text }, { to: text }] }, sort: [{ property: "receivedAt", isAscending: false }], limit: 40 }],
    ["Email/get", { "#ids": ref(0, "Email/query", "/ids"), properties: ["from", "to", "cc"] }],
  );
  if (!(answers[1] instanceof JmapError)) collect(answers[1].list, ["from", "to", "cc"], 0.01);
}
