import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { archive, flag, isFlagged, labelsOf, markSeen, notSpam, spam, trash } from "./actions";
import { answer } from "./composing";
import { Icon, IconButton } from "./icons";
import { data, list, loadThread, messagesOf, threads, watchThread } from "./mail";
import { LabelMenu, MoveMenu } from "./menus";
import { MessageCard } from "./message";
import { go } from "./route";
import { use } from "./signal";
import { failed } from "./toast";
import type { Id } from "./types";
import { t } from "./words";

/** A conversation: what was read is folded, what is new and the last message are open. */
export function ThreadView({ id }: { id: Id }) {
  use(data);
  const [missing, setMissing] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    watchThread(id);
    loadThread(id)
      .then(() => setMissing((threads.get(id) ?? []).length === 0))
      .catch(failed);
    return () => watchThread(null);
  }, [id]);
  const messages = messagesOf(id);
  // What was unread when the conversation was opened stays open while it is read; what comes meanwhile is open.
  const folded = useRef<Set<Id> | null>(null);
  if (folded.current === null && messages.length > 0) {
    // Of a conversation that ends with a draft, the message it answers.
    const last = messages.findLast((email) => !email.keywords.$draft) ?? messages.at(-1);
    folded.current = new Set(messages.filter((email) => email.keywords.$seen && email !== last).map((email) => email.id));
  }
  useEffect(() => {
    if (messages.length === 0) return;
    const timer = setTimeout(() => void markSeen([id], true), 600);
    top.current?.focus({ preventScroll: true });
    return () => clearTimeout(timer);
  }, [id, messages.length > 0]);
  const subject = useMemo(() => messages[0]?.subject || t("noSubject"), [messages[0]?.subject]);
  if (messages.length === 0) return missing ? <p class="nothing">{t("gone")}</p> : <div class="waiting" aria-busy="true" aria-label={t("loading")} />;
  const ids = [id];
  const junk = list.value?.mailbox?.role === "junk";
  const starred = isFlagged(id);
  const labels = [...new Set(messages.flatMap(labelsOf))];
  return (
    <div class="thread" ref={top} tabIndex={-1}>
      <div class="bar" role="toolbar" aria-label={t("conversation")}>
        <IconButton icon="back" class="back-button" name={t("back")} keys="u" onClick={() => go({ thread: null })} />
        <IconButton icon="archive" name={t("archive")} keys="e" onClick={() => void archive(ids)} />
        <IconButton icon="trash" name={t("delete")} keys="#" onClick={() => void trash(ids)} />
        <IconButton icon={junk ? "inbox" : "junk"} name={junk ? t("notSpam") : t("spam")} keys="!" onClick={() => void (junk ? notSpam(ids) : spam(ids))} />
        <IconButton icon="unread" name={t("markUnread")} keys="m" onClick={() => { void markSeen(ids, false); go({ thread: null }); }} />
        <IconButton icon="flag" filled={starred} class={starred ? "starred" : ""} name={starred ? t("unflag") : t("flag")} keys="s" onClick={() => void flag(ids, !starred)} />
        <MoveMenu threadIds={ids} />
        <LabelMenu threadIds={ids} />
        <span class="space" />
        <IconButton icon="print" name={t("print")} class="wide-only" onClick={() => print()} />
      </div>
      <div class="thread-scroll">
        <h1 class="thread-subject">
          {subject}
          {labels.map((label) => (
            <span key={label} class="chip">
              {label}
            </span>
          ))}
        </h1>
        {messages.map((email, i) => (
          <MessageCard key={email.id} row={email} initiallyOpen={!folded.current!.has(email.id) && !(email.keywords.$draft && messages.length > 1)} last={i === messages.length - 1} />
        ))}
        <div class="answer-bar">
          <button type="button" class="button" onClick={() => answer("reply")}>
            <Icon name="reply" size={18} />
            {t("reply")}
          </button>
          <button type="button" class="button" onClick={() => answer("replyAll")}>
            <Icon name="replyAll" size={18} />
            {t("replyAll")}
          </button>
          <button type="button" class="button" onClick={() => answer("forward")}>
            <Icon name="forward" size={18} />
            {t("forward")}
          </button>
        </div>
      </div>
    </div>
  );
}
