import { Signal } from "./signal";

/** What this browser keeps for its person; nothing secret. */
export interface Preferences {
  theme: "auto" | "light" | "dark";
  language: "auto" | "en" | "de";
  density: "comfortable" | "compact";
  pictures: "ask" | "always";
  undoSeconds: number;
  notify: boolean;
  plain: boolean;
  labels: string[];
  /** Senders whose remote pictures are always shown. */
  trusted: string[];
}

const KEY = "mail.preferences";
const DEFAULTS: Preferences = { theme: "auto", language: "auto", density: "comfortable", pictures: "ask", undoSeconds: 8, notify: false, plain: false, labels: [], trusted: [] };

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return DEFAULTS;
  }
}

export const preferences = new Signal<Preferences>(read());

export function prefer(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.value));
  } catch {
    // Without storage it lasts as long as the page.
  }
  applyTheme();
}

export function applyTheme(): void {
  const root = document.documentElement;
  if (preferences.value.theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = preferences.value.theme;
  root.dataset.density = preferences.value.density;
}
