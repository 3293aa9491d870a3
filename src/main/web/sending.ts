import { compose, forgetUnsent } from "./composing";
import { submit, type Draft } from "./draft";
import { callEach, JmapError } from "./jmap";
import { sync } from "./mail";
import { preferences } from "./preferences";
import { dismiss, failed, say } from "./toast";
import { t } from "./words";

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
  const id = await submit(draft, at);
  forgetUnsent();
  say(t("sendsLater", { date: at.toLocaleString() }), async () => {
    const [answer] = await callEach(["EmailSubmission/set", { update: { [id]: { undoStatus: "canceled" } } }]);
    if (answer instanceof JmapError || answer.notUpdated?.[id]) failed(answer instanceof JmapError ? answer : new JmapError("cannotUnsend", t("tooLate")));
    else compose({ kind: "unsent", draft });
    await sync();
  }, 15_000);
  await sync();
}

addEventListener("pagehide", () => {
  for (const entry of [...waiting]) void send(entry);
});

addEventListener("beforeunload", (event) => {
  if (waiting.size > 0) event.preventDefault();
});
