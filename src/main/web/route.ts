import { Signal } from "./signal";

/** Where one is: the address says it, so that going back, reloading and sending a link work. */
export interface Route {
  view: "mail" | "settings";
  /** A mailbox's role or id; null while searching everywhere. */
  mailbox: string | null;
  thread: string | null;
  query: string;
  page: string;
}

function read(): Route {
  const parts = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const query = new URLSearchParams(location.search).get("q") ?? "";
  if (parts[0] === "settings") return { view: "settings", mailbox: "inbox", thread: null, query: "", page: parts[1] ?? "account" };
  const mailbox = parts[1] ?? "inbox";
  return { view: "mail", mailbox: mailbox === "search" ? null : mailbox, thread: parts[2] ?? null, query, page: "" };
}

export const route = new Signal<Route>(read());

function address(r: Route): string {
  if (r.view === "settings") return `/settings/${r.page}`;
  const place = ["mail", r.mailbox ?? "search", ...(r.thread ? [r.thread] : [])].map(encodeURIComponent).join("/");
  return `/${place}${r.query ? `?q=${encodeURIComponent(r.query)}` : ""}`;
}

/** Goes to a place; replacing leaves no step to go back to. */
export function go(change: Partial<Route>, replace = false): void {
  const next = { ...route.value, ...change };
  if (address(next) === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address(next));
  route.value = next;
}

addEventListener("popstate", () => {
  route.value = read();
});
