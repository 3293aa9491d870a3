import { useEffect, useState } from "preact/hooks";
import { ask } from "./dialogs";
import { longDate } from "./format";
import { Icon } from "./icons";
import { call, capability, JmapError } from "./jmap";
import { failed, say } from "./toast";
import { OWNER, type Device, type Password, type SetError } from "./types";
import { t } from "./words";

/** Password and devices, where the server offers them (docs/jmap-vendor.md). */
export function Account() {
  if (!capability(OWNER)) return null;
  return (
    <>
      <MainPassword />
      <ProgramPasswords />
      <Devices />
    </>
  );
}

/** Throws what was refused of a set. */
function done(answer: Record<string, Record<string, SetError> | undefined>): void {
  const refused = ["notCreated", "notUpdated", "notDestroyed"].flatMap((key) => Object.values(answer[key] ?? {}))[0];
  if (!refused) return;
  const text = refused.type === "wrongPassword" ? t("wrongCurrentPassword") : refused.type === "rateLimit" ? t("tooManyTries") : (refused.description ?? refused.type);
  throw new JmapError(refused.type, text);
}

function MainPassword() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const store = async (event: SubmitEvent) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    if (form.get("password") !== form.get("again")) {
      setProblem(t("passwordsDiffer"));
      return;
    }
    setBusy(true);
    setProblem("");
    try {
      const [answer] = await call(["Password/set", { currentPassword: form.get("current"), update: { main: { password: form.get("password") } } }]);
      done(answer);
      element.reset();
      say(t("passwordChanged"));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <form class="card" onSubmit={(event) => void store(event)} aria-busy={busy}>
      <h2>{t("changePassword")}</h2>
      <p class="muted note">{t("changePasswordHow")}</p>
      <label class="field">
        <span>{t("currentPassword")}</span>
        <input name="current" type="password" autocomplete="current-password" required maxLength={1000} />
      </label>
      <div class="two">
        <label class="field">
          <span>{t("newPasswordRule", { count: 8 })}</span>
          <input name="password" type="password" autocomplete="new-password" required minLength={8} maxLength={1000} />
        </label>
        <label class="field">
          <span>{t("passwordAgain")}</span>
          <input name="again" type="password" autocomplete="new-password" required maxLength={1000} />
        </label>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="button primary" disabled={busy}>
        {t("changePassword")}
      </button>
    </form>
  );
}

/** Each program its own, so that a lost phone's goes alone; shown once. */
function ProgramPasswords() {
  const [all, setAll] = useState<Password[]>([]);
  const [made, setMade] = useState<{ label: string; password: string } | null>(null);
  const load = () => call(["Password/get", { ids: null }]).then(([answer]) => setAll((answer.list as Password[]).filter((one) => !one.isMain)), failed);
  useEffect(() => void load(), []);
  const prove = (action: string) => ask({ title: action, input: "", inputName: t("currentPassword"), secret: true, action });
  const create = async () => {
    const label = (await ask({ title: t("newProgramPassword"), text: t("programPasswordsHow"), input: "", inputName: t("programName"), action: t("create") }))?.trim();
    if (!label) return;
    const currentPassword = await prove(t("newProgramPassword"));
    if (currentPassword === null) return;
    try {
      const [answer] = await call(["Password/set", { currentPassword, create: { made: { label } } }]);
      done(answer);
      setMade({ label, password: answer.created.made.password });
      await load();
    } catch (error) {
      failed(error);
    }
  };
  const remove = async (one: Password) => {
    const currentPassword = await prove(t("removePassword", { name: one.label }));
    if (currentPassword === null) return;
    try {
      const [answer] = await call(["Password/set", { currentPassword, destroy: [one.id] }]);
      done(answer);
      await load();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <section class="card" aria-label={t("programPasswords")}>
      <h2>{t("programPasswords")}</h2>
      <p class="muted note">{t("programPasswordsHow")}</p>
      {made && (
        <p class="notice secret" role="status">
          <span>{t("shownOnce", { name: made.label })}</span> <code>{made.password}</code>
        </p>
      )}
      <ul class="devices">
        {all.map((one) => (
          <li key={one.id}>
            <Icon name="shield" />
            <div>
              <strong>{one.label}</strong>
              <p class="muted">{one.lastUsedAt ? t("lastUsed", { date: longDate(one.lastUsedAt) }) : t("neverUsed")}</p>
            </div>
            <button type="button" class="button" aria-label={t("removePassword", { name: one.label })} onClick={() => void remove(one)}>
              {t("removeQuote")}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => void create()}>
        <Icon name="plus" size={18} />
        {t("newProgramPassword")}
      </button>
    </section>
  );
}

function Devices() {
  const [all, setAll] = useState<Device[]>([]);
  const load = () => call(["Device/get", { ids: null }]).then(([answer]) => setAll(answer.list), failed);
  useEffect(() => void load(), []);
  const revoke = async (ids: string[]) => {
    try {
      const [answer] = await call(["Device/set", { destroy: ids }]);
      done(answer);
      await load();
      say(t("signedOutThere"));
    } catch (error) {
      failed(error);
    }
  };
  const others = all.filter((device) => !device.isCurrent);
  return (
    <section class="card" aria-label={t("devices")}>
      <h2>{t("devices")}</h2>
      <ul class="devices">
        {[...all].sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent)).map((device) => (
          <li key={device.id}>
            <Icon name={device.kind === "browser" ? "screen" : "code"} />
            <div>
              <strong>{device.name}</strong> {device.isCurrent && <span class="chip">{t("thisDevice")}</span>}
              <p class="muted">{`${t("lastUsed", { date: longDate(device.lastUsedAt) })} · ${device.lastAddress}`}</p>
            </div>
            {!device.isCurrent && (
              <button type="button" class="button" aria-label={`${t("revoke")}: ${device.name}`} onClick={() => void revoke([device.id])}>
                {t("revoke")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <button type="button" class="button" onClick={() => void revoke(others.map((device) => device.id))}>
          {t("revokeOthers")}
        </button>
      )}
    </section>
  );
}
