import type { Address } from "./types";
import { language, t } from "./words";

const DAY = 86_400_000;

/** As short as it can be: the time today, the day this year, else the date. */
export function shortDate(iso: string): string {
  const at = new Date(iso);
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return at.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
  if (now.getTime() - at.getTime() < 6 * DAY && now > at) return at.toLocaleDateString(language(), { weekday: "short" });
  if (at.getFullYear() === now.getFullYear()) return at.toLocaleDateString(language(), { day: "numeric", month: "short" });
  return at.toLocaleDateString(language(), { day: "2-digit", month: "2-digit", year: "2-digit" });
}

export function longDate(iso: string): string {
  return new Date(iso).toLocaleString(language(), { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

export function size(octets: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let n = octets;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${n.toLocaleString(language(), { maximumFractionDigits: n < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** A name for people; never one that is an address of somebody else. */
export function nameOf(address: Address | undefined): string {
  if (!address) return t("nobody");
  const name = address.name?.trim();
  if (!name || (name.includes("@") && name.toLowerCase() !== address.email.toLowerCase())) return address.email;
  return name;
}

export function firstName(address: Address): string {
  const name = nameOf(address);
  if (name.includes("@")) return name.slice(0, name.indexOf("@"));
  const words = (name.includes(",") ? (name.split(",")[1]?.trim() ?? name) : name).split(/\s+/);
  return words[0] ?? name;
}

/** As in a header; quoted where the name has characters that need it. */
export function written(address: Address): string {
  if (!address.name) return address.email;
  const name = /[^\w\s'\u0080-\uffff-]/.test(address.name) ? `"${address.name.replace(/(["\\])/g, "\\$1")}"` : address.name;
  return `${name} <${address.email}>`;
}

/** Addresses of a line as people type or paste them. */
export function parseAddresses(text: string): Address[] {
  const found: Address[] = [];
  for (const piece of text.match(/(?:"(?:\\.|[^"\\])*"|[^,;\n"])+/g) ?? []) {
    const parts = /^\s*(.*?)\s*<\s*([^<>\s]+)\s*>\s*$/.exec(piece);
    const email = (parts ? parts[2] : piece.trim()) ?? "";
    if (!email) continue;
    const name = parts?.[1]?.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1") || null;
    found.push({ name, email });
  }
  return found;
}

export function isAddress(email: string): boolean {
  return /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(email);
}

/** A colour of the theme's eight for a person, always the same. */
export function hue(text: string): number {
  let sum = 0;
  for (const letter of text.toLowerCase()) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum % 8;
}

export function initials(address: Address | undefined): string {
  const words = nameOf(address).replace(/[^\p{L}\p{N}\s@]/gu, "").split(/[\s@]+/).filter(Boolean);
  const letters = words.length > 1 && !nameOf(address).includes("@") ? words[0]![0]! + words.at(-1)![0]! : (words[0]?.[0] ?? "?");
  return letters.toUpperCase();
}
