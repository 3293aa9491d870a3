import { useState } from "preact/hooks";
import { JmapError, OfflineError, signIn } from "./jmap";
import { t } from "./words";

export function SignIn({ done }: { done: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem("");
    try {
      await signIn(String(form.get("username")).trim(), String(form.get("password")));
      done();
    } catch (error) {
      if (error instanceof OfflineError) setProblem(t("offline"));
      else if (error instanceof JmapError && error.type === "429") setProblem(t("tooManyTries"));
      else if (error instanceof JmapError && (error.type === "401" || error.type === "403" || error.type === "invalidCredentials")) setProblem(t("wrongPassword"));
      else setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-busy={busy}>
        <img src="/icon.svg" alt="" width={56} height={56} />
        <h1>{t("signInTitle")}</h1>
        <p class="muted">{location.hostname}</p>
        <label class="field">
          <span>{t("address")}</span>
          <input name="username" type="text" inputMode="email" autocomplete="username" autoCapitalize="off" spellcheck={false} required autoFocus maxLength={320} />
        </label>
        <label class="field">
          <span>{t("password")}</span>
          <input name="password" type="password" autocomplete="current-password" required maxLength={1024} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button class="button primary big" disabled={busy}>
          {busy ? t("signingIn") : t("signIn")}
        </button>
      </form>
    </main>
  );
}
