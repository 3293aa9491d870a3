import { compose, forgetUnsent } from "./composing";
import { submit, type Draft } from "./draft";
import { call, callEach, JmapError } from "./jmap";
import { byRole, loadBody, loadScheduled, scheduled, sync } from "./mail";
import { preferences } from "./preferences";
import { dismiss, failed, say } from "./toast";
import type { Id } from "./types";
import { language, t } from "./words";

/** Mail that leaves when its time to be taken back is over. */
interface Waiting {
  draft: Draft;
  timer: number;
  toast: number;
}

const waiting = new Set<Waiting>();

/** Sends a saved draft after the seconds in which it can be taken back; leaving the page sends it at once. */
export function sendSoon(draft: Draft): void {
  const seconds = preferences.value.undoSeconds;
  const entry: Waiting = { draft, timer: 0, toast: 0 };
  waiting.add(entry);
  entry.timer = window.setTimeout(() => void send(entry), seconds * 1000);
  entry.toast = say(t("sending"), () => {
    if (!waiting.delete(entry)) return;
    clearTimeout(entry.timer);
    compose({ kind: "unsent", draft });
  }, Math.max(1, seconds) * 1000);
}

async function send(entry: Waiting): Promise<void> {
  if (!waiting.delete(entry)) return;
  clearTimeout(entry.timer);
  dismiss(entry.toast);
  try {
    await submit(entry.draft);
    say(t("sent.done"));
    await sync();
  } catch (error) {
    failed(error);
    // It stands in Drafts; whoever wrote it sees it again at once.
    compose({ kind: "unsent", draft: entry.draft });
  }
}

export async function sendLater(draft: Draft, at: Date): Promise<void> {
  await submit(draft, at);
  forgetUnsent();
  await loadScheduled().catch(() => undefined);
  say(t("sendsLater", { date: at.toLocaleString(language()) }), () => draft.savedAs && takeBack(draft.savedAs), 15_000);
  await sync();
}

/** Mail that waits for its time becomes a draft again. */
export async function takeBack(email: Id): Promise<void> {
  const waits = scheduled.value.get(email);
  if (!waits) {
    failed(new JmapError("cannotUnsend", t("tooLate")));
    return;
  }
  const [answer] = await callEach(["EmailSubmission/set", { update: { [waits.submission]: { undoStatus: "canceled" } } }]);
  if (answer instanceof JmapError || answer.notUpdated?.[waits.submission]) failed(new JmapError("cannotUnsend", t("tooLate")));
  else {
    const patch: Record<string, unknown> = { "keywords/$draft": true };
    const drafts = byRole("drafts");
    const sent = byRole("sent");
    if (drafts) patch[`mailboxIds/${drafts.id}`] = true;
    if (drafts && sent) patch[`mailboxIds/${sent.id}`] = null;
    await call(["Email/set", { update: { [email]: patch } }]);
    await loadBody(email);
    compose({ kind: "draft", id: email });
  }
  await loadScheduled().catch(() => undefined);
  await sync();
}

addEventListener("pagehide", () => {
  for (const entry of [...waiting]) void send(entry);
});

addEventListener("beforeunload", (event) => {
  if (waiting.size > 0) event.preventDefault();
});
