import { useEffect, useState } from "preact/hooks";
import { JmapError, OfflineError, post, signIn } from "./jmap";
import { longDate } from "./format";
import { t } from "./words";

interface Offer {
  domain: string;
  name?: string;
  existing: boolean;
  expires: string;
}

const SHORTEST = 8;

/** Behind a one-time link of the administrator: an account is made, or a lost password set anew. The link's secret is behind the #. */
export function Welcome() {
  const [token] = useState(() => location.hash.slice(1));
  const [offer, setOffer] = useState<Offer | null>(null);
  const [problem, setProblem] = useState("");
  const [gone, setGone] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    // Out of the address before anybody looks over a shoulder or goes back to it.
    history.replaceState(null, "", "/welcome");
    post<Offer>("/links/look", { token }).then(setOffer, (error) => {
      setGone(true);
      setProblem(told(error));
    });
  }, []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const password = String(form.get("password"));
    if (password !== String(form.get("again"))) {
      setProblem(t("passwordsDiffer"));
      return;
    }
    setBusy(true);
    setProblem("");
    try {
      const { username } = await post<{ username: string }>("/links/use", { token, name: String(form.get("name") ?? ""), displayName: String(form.get("displayName") ?? "").trim(), password });
      await signIn(username, password);
      location.assign("/mail/inbox");
    } catch (error) {
      setProblem(told(error));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-busy={busy}>
        <img src="/icon.svg" alt="" width={56} height={56} />
        <h1>{offer ? t(offer.existing ? "newPassword" : "welcome") : t("oneTimeLink")}</h1>
        <p class="muted">{offer ? (offer.existing ? `${offer.name}@${offer.domain}` : t("welcomeText", { domain: offer.domain })) : gone ? "" : t("loading")}</p>
        {offer && !offer.existing && (
          <>
            <label class="field">
              <span>{t("address")}</span>
              <span class="affixed">
                <input name="name" autocomplete="off" autoCapitalize="off" spellcheck={false} required autoFocus={!offer.name} maxLength={64} value={offer.name} readOnly={Boolean(offer.name)} />
                <span>@{offer.domain}</span>
              </span>
            </label>
            <label class="field">
              <span>{t("nameShown")}</span>
              <input name="displayName" autocomplete="name" maxLength={200} />
            </label>
          </>
        )}
        {offer && (
          <>
            {offer.name && <input class="only-read" type="text" autocomplete="username" value={`${offer.name}@${offer.domain}`} readOnly tabIndex={-1} aria-hidden="true" />}
            <label class="field">
              <span>{t("newPasswordRule", { count: SHORTEST })}</span>
              <input name="password" type="password" autocomplete="new-password" required minLength={SHORTEST} maxLength={1000} autoFocus={Boolean(offer.name)} />
            </label>
            <label class="field">
              <span>{t("passwordAgain")}</span>
              <input name="again" type="password" autocomplete="new-password" required maxLength={1000} />
            </label>
          </>
        )}
        <p class="problem" role="alert">
          {problem}
        </p>
        {offer && (
          <>
            <button class="button primary big" disabled={busy}>
              {t(offer.existing ? "setPassword" : "makeAccount")}
            </button>
            <p class="muted note">{t("linkUntil", { date: longDate(offer.expires) })}</p>
          </>
        )}
        {gone && (
          <a class="button big" href="/">
            {t("signIn")}
          </a>
        )}
      </form>
    </main>
  );
}

function told(error: unknown): string {
  if (error instanceof OfflineError) return t("offline");
  if (error instanceof JmapError && error.type === "404") return t("linkGone");
  if (error instanceof JmapError && error.type === "429") return t("tooManyTries");
  return error instanceof Error ? error.message : String(error);
}
