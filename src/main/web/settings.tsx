import { useEffect, useState } from "preact/hooks";
import { size } from "./format";
import { call, callEach, capability, JmapError, theSession } from "./jmap";
import { identities, loadIdentities } from "./mail";
import { prefer, preferences, type Preferences } from "./preferences";
import { go, route } from "./route";
import { use } from "./signal";
import { failed, say } from "./toast";
import { QUOTA, VACATION, type Identity, type Vacation } from "./types";
import { t } from "./words";
import { Account } from "./settings-account";

const PAGES = ["account", "writing", "vacation", "look"] as const;

export function Settings() {
  const where = use(route);
  const page = PAGES.find((one) => one === where.page) ?? "account";
  return (
    <section class="settings" aria-label={t("settings")}>
      <nav class="tabs" aria-label={t("settings")}>
        {PAGES.filter((one) => one !== "vacation" || capability(VACATION)).map((one) => (
          <a key={one} href={`/settings/${one}`} aria-current={one === page ? "page" : undefined} onClick={(event) => { event.preventDefault(); go({ view: "settings", page: one }); }}>
            {t(`page.${one}`)}
          </a>
        ))}
      </nav>
      {page === "account" && (
        <>
          <h1>{theSession().username}</h1>
          <Quota />
          <Account />
        </>
      )}
      {page === "writing" && <Identities />}
      {page === "vacation" && <VacationForm />}
      {page === "look" && <Look />}
    </section>
  );
}

function Quota() {
  const [quotas, setQuotas] = useState<{ id: string; name: string; used: number; hardLimit: number; resourceType: string }[]>([]);
  useEffect(() => {
    if (!capability(QUOTA)) return;
    void callEach(["Quota/get", { ids: null }]).then(([answer]) => !(answer instanceof JmapError) && setQuotas(answer.list), failed);
  }, []);
  return (
    <>
      {quotas.filter((quota) => quota.resourceType === "octets").map((quota) => (
        <div key={quota.id} class="card">
          <h2>{t("storage")}</h2>
          <meter min={0} max={quota.hardLimit} high={quota.hardLimit * 0.9} value={quota.used} aria-label={t("storage")} />
          <p class="muted">{t("usedOf", { used: size(quota.used), limit: size(quota.hardLimit) })}</p>
        </div>
      ))}
    </>
  );
}

function Identities() {
  const all = use(identities);
  return (
    <>
      <h1>{t("page.writing")}</h1>
      {all.map((identity) => (
        <IdentityForm key={identity.id} identity={identity} />
      ))}
      {all.length === 0 && <p class="muted">{t("noIdentity")}</p>}
      <div class="card">
        <Choice name={t("undoSend")} value={String(preferences.value.undoSeconds)} choices={["0", "5", "8", "15", "30"].map((s) => [s, t("seconds", { count: Number(s) })])} change={(value) => prefer({ undoSeconds: Number(value) })} />
        <Check name={t("writePlain")} value={preferences.value.plain} change={(plain) => prefer({ plain })} />
      </div>
    </>
  );
}

function IdentityForm({ identity }: { identity: Identity }) {
  const [name, setName] = useState(identity.name);
  const [signature, setSignature] = useState(identity.textSignature);
  const store = async (event: Event) => {
    event.preventDefault();
    try {
      const [answer] = await call(["Identity/set", { update: { [identity.id]: { name, textSignature: signature, htmlSignature: "" } } }]);
      const refused = answer.notUpdated?.[identity.id];
      if (refused) throw new JmapError(refused.type, refused.description ?? refused.type);
      await loadIdentities();
      say(t("stored"));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <form class="card" onSubmit={(event) => void store(event)}>
      <h2>{identity.email}</h2>
      <label class="field">
        <span>{t("nameShown")}</span>
        <input value={name} maxLength={200} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t("signature")}</span>
        <textarea rows={4} value={signature} maxLength={10_000} onInput={(event) => setSignature(event.currentTarget.value)} />
      </label>
      <button class="button primary">{t("store")}</button>
    </form>
  );
}

function VacationForm() {
  const [vacation, setVacation] = useState<Vacation | null>(null);
  useEffect(() => {
    call(["VacationResponse/get", { ids: null }]).then(([answer]) => setVacation(answer.list[0] ?? { isEnabled: false, fromDate: null, toDate: null, subject: null, textBody: null, htmlBody: null }), failed);
  }, []);
  if (!vacation) return <div class="waiting" aria-busy="true" aria-label={t("loading")} />;
  const change = (part: Partial<Vacation>) => setVacation({ ...vacation, ...part });
  const store = async (event: Event) => {
    event.preventDefault();
    try {
      const { isEnabled, fromDate, toDate, subject, textBody } = vacation;
      const [answer] = await call(["VacationResponse/set", { update: { singleton: { isEnabled, fromDate, toDate, subject, textBody, htmlBody: null } } }]);
      const refused = answer.notUpdated?.singleton;
      if (refused) throw new JmapError(refused.type, refused.description ?? refused.type);
      say(t(isEnabled ? "vacationOn" : "stored"));
    } catch (error) {
      failed(error);
    }
  };
  const day = (value: string | null) => (value ? new Date(value).toLocaleDateString("sv") : "");
  return (
    <form class="card" onSubmit={(event) => void store(event)}>
      <h1>{t("page.vacation")}</h1>
      <p class="muted">{t("vacationHow")}</p>
      <Check name={t("vacationEnabled")} value={vacation.isEnabled} change={(isEnabled) => change({ isEnabled })} />
      <div class="two">
        <label class="field">
          <span>{t("fromDay")}</span>
          <input type="date" value={day(vacation.fromDate)} onInput={(event) => change({ fromDate: event.currentTarget.value ? utc(event.currentTarget.value, "00:00:00") : null })} />
        </label>
        <label class="field">
          <span>{t("toDay")}</span>
          <input type="date" value={day(vacation.toDate)} onInput={(event) => change({ toDate: event.currentTarget.value ? utc(event.currentTarget.value, "23:59:59") : null })} />
        </label>
      </div>
      <label class="field">
        <span>{t("subject")}</span>
        <input value={vacation.subject ?? ""} maxLength={500} onInput={(event) => change({ subject: event.currentTarget.value || null })} />
      </label>
      <label class="field">
        <span>{t("vacationText")}</span>
        <textarea rows={7} required={vacation.isEnabled} value={vacation.textBody ?? ""} maxLength={50_000} onInput={(event) => change({ textBody: event.currentTarget.value })} />
      </label>
      <button class="button primary">{t("store")}</button>
    </form>
  );
}

/** A day of here as the moment it begins or ends. */
function utc(day: string, time: string): string {
  return new Date(`${day}T${time}`).toISOString().replace(/\.\d+/, "");
}

function Look() {
  const settings = use(preferences);
  const notify = async (on: boolean) => {
    if (on && (await Notification.requestPermission()) !== "granted") {
      say(t("notifyDenied"), undefined, 6000, true);
      return;
    }
    prefer({ notify: on });
  };
  return (
    <div class="card">
      <h1>{t("page.look")}</h1>
      <Choice name={t("theme")} value={settings.theme} choices={[["auto", t("themeAuto")], ["light", t("themeLight")], ["dark", t("themeDark")]]} change={(theme) => prefer({ theme: theme as Preferences["theme"] })} />
      <Choice name={t("language")} value={settings.language} choices={[["auto", t("languageAuto")], ["en", "English"], ["de", "Deutsch"]]} change={(language) => prefer({ language: language as Preferences["language"] })} />
      <Choice name={t("density")} value={settings.density} choices={[["comfortable", t("comfortable")], ["compact", t("compact")]]} change={(density) => prefer({ density: density as Preferences["density"] })} />
      <Choice name={t("remotePictures")} value={settings.pictures} choices={[["ask", t("picturesAsk")], ["always", t("picturesAlways")]]} change={(pictures) => prefer({ pictures: pictures as Preferences["pictures"] })} />
      {"Notification" in window && <Check name={t("notify")} value={settings.notify} change={(on) => void notify(on)} />}
      {"registerProtocolHandler" in navigator && (
        <button type="button" class="button" onClick={() => navigator.registerProtocolHandler("mailto", `${location.origin}/mail/inbox?mailto=%s`)}>
          {t("mailtoHandler")}
        </button>
      )}
    </div>
  );
}

function Choice(props: { name: string; value: string; choices: [string, string][]; change: (value: string) => void }) {
  return (
    <label class="field row-field">
      <span>{props.name}</span>
      <select value={props.value} onChange={(event) => props.change(event.currentTarget.value)}>
        {props.choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check(props: { name: string; value: boolean; change: (value: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.value} onChange={(event) => props.change(event.currentTarget.checked)} />
      <span>{props.name}</span>
    </label>
  );
}
