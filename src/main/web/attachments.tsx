import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./dialogs";
import { size } from "./format";
import { Icon, IconButton } from "./icons";
import { download, downloadUrl } from "./jmap";
import { failed, say } from "./toast";
import type { BodyPart, FullEmail } from "./types";
import { t } from "./words";
import { zip } from "./zip";

const PICTURES = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
const MAX_TEXT = 500_000;

export function fileName(part: BodyPart, i: number): string {
  const ending: Record<string, string> = { "message/rfc822": ".eml", "text/plain": ".txt", "text/calendar": ".ics", "image/png": ".png", "image/jpeg": ".jpg" };
  return part.name?.replace(/[\\/\u0000-\u001f\u202a-\u202e\u2066-\u2069]/g, "_") || `${t("attachment")} ${i + 1}${ending[part.type] ?? ""}`;
}

/** What is shown within the text as a picture is no attachment to the reader. */
export function attachmentsOf(email: FullEmail): BodyPart[] {
  const html = email.htmlBody.map((part) => (part.partId ? (email.bodyValues[part.partId]?.value ?? "") : "")).join("");
  return email.attachments.filter((part) => part.blobId && !(part.cid && PICTURES.test(part.type) && html.includes(`cid:${part.cid}`)));
}

export function Attachments({ email }: { email: FullEmail }) {
  const [shown, setShown] = useState<number | null>(null);
  const [packing, setPacking] = useState(false);
  const parts = attachmentsOf(email);
  if (parts.length === 0) return null;
  const all = async () => {
    setPacking(true);
    try {
      const files = [];
      for (const [i, part] of parts.entries()) files.push({ name: fileName(part, i), content: await download(part.blobId!, "application/octet-stream", fileName(part, i)) });
      save(await zip(files), `${(email.subject ?? t("attachments")).replace(/[^\p{L}\p{N} ._-]/gu, "").slice(0, 80) || "attachments"}.zip`);
    } catch (error) {
      failed(error);
    }
    setPacking(false);
  };
  return (
    <section class="attachments" aria-label={t("attachments")}>
      <ul>
        {parts.map((part, i) => (
          <li key={part.blobId}>
            <button type="button" class="attachment" onClick={() => setShown(i)}>
              {PICTURES.test(part.type) && part.size < 8_000_000 ? <img src={downloadUrl(part.blobId!, part.type, fileName(part, i))} alt="" loading="lazy" /> : <Icon name={part.type.startsWith("image/") ? "image" : "file"} size={26} />}
              <span>
                <strong>{fileName(part, i)}</strong>
                <span class="muted">{size(part.size)}</span>
              </span>
            </button>
            <a class="icon-button" href={downloadUrl(part.blobId!, "application/octet-stream", fileName(part, i))} download={fileName(part, i)} title={t("download")} aria-label={`${t("download")}: ${fileName(part, i)}`}>
              <Icon name="download" size={18} />
            </a>
          </li>
        ))}
      </ul>
      {parts.length > 1 && (
        <button type="button" class="link-button" disabled={packing} onClick={() => void all()}>
          <Icon name="download" size={16} />
          {t("downloadAll", { count: parts.length, size: size(parts.reduce((sum, part) => sum + part.size, 0)) })}
        </button>
      )}
      {shown !== null && parts[shown] && <Preview parts={parts} at={shown} show={setShown} />}
    </section>
  );
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(t("saved", { name }));
}

/** Pictures, texts and PDF without leaving the page. What it is comes from us, not from what the file says it is. */
function Preview({ parts, at, show }: { parts: BodyPart[]; at: number; show: (at: number | null) => void }) {
  const part = parts[at]!;
  const name = fileName(part, at);
  return (
    <Dialog title={name} close={() => show(null)} wide>
      <div class="preview-box">
        <Content key={part.blobId} part={part} name={name} />
      </div>
      <div class="dialog-actions">
        {parts.length > 1 && (
          <>
            <IconButton icon="back" name={t("previous")} disabled={at === 0} onClick={() => show(at - 1)} />
            <span class="muted">
              {at + 1} / {parts.length}
            </span>
            <IconButton icon="back" class="mirrored" name={t("next")} disabled={at === parts.length - 1} onClick={() => show(at + 1)} />
          </>
        )}
        <span class="space" />
        <a class="button primary" href={downloadUrl(part.blobId!, "application/octet-stream", name)} download={name}>
          {t("download")}
        </a>
      </div>
    </Dialog>
  );
}

function Content({ part, name }: { part: BodyPart; name: string }) {
  const [text, setText] = useState<string | null>(null);
  const [pdf, setPdf] = useState<string | null>(null);
  const isText = /^(text\/|application\/(json|xml)$|message\/)/.test(part.type);
  const isPdf = part.type === "application/pdf";
  useEffect(() => {
    let url = "";
    if (isText) void download(part.blobId!, "text/plain", name).then((blob) => blob.slice(0, MAX_TEXT).text()).then(setText, failed);
    if (isPdf)
      void download(part.blobId!, "application/pdf", name).then((blob) => {
        // The type is set here: whatever the file holds, the browser takes it for a PDF.
        url = URL.createObjectURL(new Blob([blob], { type: "application/pdf" }));
        setPdf(url);
      }, failed);
    return () => URL.revokeObjectURL(url);
  }, []);
  if (PICTURES.test(part.type)) return <img src={downloadUrl(part.blobId!, part.type, name)} alt={name} />;
  if (isText) return <pre class="source" tabIndex={0}>{text ?? "…"}</pre>;
  if (isPdf) return pdf ? <iframe class="pdf" src={pdf} title={name} /> : <div class="waiting" aria-busy="true" />;
  return (
    <div class="nothing">
      <Icon name="file" size={52} />
      <p>{t("noPreview")}</p>
    </div>
  );
}
