import { Signal } from "./signal";
import { CORE, MAIL, type Id, type Session } from "./types";

/** What the server answered instead of a result; type as in RFC 8620 §3.6. */
export class JmapError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server could not be reached; nothing is known of whether it acted. */
export class OfflineError extends Error {}

export type Call = [method: string, args: Record<string, unknown>];
// An answer is what the method's section of the standard says.
export type Answer = any;

export const signedIn = new Signal<boolean | null>(null);
export const online = new Signal(true);

/** What is asked while the page goes away is to arrive all the same. */
let unloading = false;
addEventListener("pagehide", () => (unloading = true));
addEventListener("pageshow", () => (unloading = false));

let csrf = "";
let session: Session | null = null;

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (csrf && init.method && init.method !== "GET") headers.set("X-CSRF-Token", csrf);
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers, credentials: "same-origin", keepalive: unloading });
  } catch {
    online.value = false;
    throw new OfflineError("the server cannot be reached");
  }
  online.value = true;
  if (response.status === 401 && signedIn.value) {
    session = null;
    signedIn.value = false;
  }
  return response;
}

async function problem(response: Response): Promise<JmapError> {
  const body = await response.json().catch(() => ({}));
  return new JmapError(body.type ?? String(response.status), body.detail ?? body.error ?? body.message ?? body.title ?? `HTTP ${response.status}`);
}

/** Whether a cookie of an earlier visit still counts. */
export async function resume(): Promise<boolean> {
  // Side by side: on a slow line each question costs a journey there and back.
  const [known, offered] = await Promise.all([ask("/auth/session"), ask("/.well-known/jmap")]);
  if (!known.ok || !offered.ok) return false;
  csrf = (await known.json()).csrf;
  session = (await offered.json()) as Session;
  return true;
}

/** Asks something that needs nobody signed in, such as what a one-time link is good for. */
export async function post<T>(url: string, body: Record<string, unknown>): Promise<T> {
  const response = await ask(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw await problem(response);
  return (await response.json()) as T;
}

/** Throws what the server says of the password. */
export async function signIn(username: string, password: string): Promise<void> {
  const response = await ask("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password, device: deviceName() }),
  });
  if (!response.ok) throw await problem(response);
  csrf = (await response.json()).csrf;
  await loadSession();
}

/** The caller then leaves the page, and with it all that it remembers of the mail. */
export async function signOut(): Promise<void> {
  await ask("/auth/logout", { method: "POST" }).catch(() => undefined);
}

/** Such as "Firefox on Linux", for the list of devices. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "Browser";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return system ? `${browser} on ${system}` : browser;
}

async function loadSession(): Promise<void> {
  const response = await ask("/.well-known/jmap");
  if (!response.ok) throw await problem(response);
  session = (await response.json()) as Session;
}

export function theSession(): Session {
  if (!session) throw new JmapError("unauthorized", "not signed in");
  return session;
}

export function accountId(): Id {
  const s = theSession();
  return s.primaryAccounts[MAIL] ?? Object.keys(s.accounts)[0] ?? "";
}

/** What the server says of a capability, of the account before the session's; undefined where it has none. */
export function capability(name: string): Record<string, unknown> | undefined {
  const s = session;
  return s?.accounts[accountId()]?.accountCapabilities[name] ?? s?.capabilities[name];
}

/** A URL of the session, whose templates hold {names} (RFC 8620 §2). Only its path counts: behind a proxy the host may differ. */
function path(template: string, values: Record<string, string> = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  const url = new URL(filled, location.href);
  return url.pathname + url.search;
}

/** One request; the arguments of the n-th call name earlier ones as "0", "1", …. An error of any method is thrown. */
export async function call(...calls: Call[]): Promise<Answer[]> {
  return (await callEach(...calls)).map((answer) => {
    if (answer instanceof JmapError) throw answer;
    return answer;
  });
}

/** The same with errors as values. Implicit answers (such as of onSuccessUpdateEmail) come after those of the calls. */
export async function callEach(...calls: Call[]): Promise<Answer[]> {
  const s = theSession();
  const response = await ask(path(s.apiUrl), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      using: Object.keys(s.capabilities).filter((name) => name === CORE || s.accounts[accountId()]?.accountCapabilities[name] !== undefined),
      methodCalls: calls.map(([method, args], i) => [method, { accountId: accountId(), ...args }, String(i)]),
    }),
  });
  if (!response.ok) throw await problem(response);
  const answers: Answer[] = [];
  for (const [name, args, id] of (await response.json()).methodResponses as [string, Answer, string][]) {
    const answer = name === "error" ? new JmapError(args.type, args.description ?? args.type) : args;
    if (answers[Number(id)] === undefined) answers[Number(id)] = answer;
    else answers.push(answer);
  }
  return answers;
}

/** A reference to what an earlier call of the same request answered (RFC 8620 §3.7). */
export function ref(resultOf: number, name: string, at: string): Record<string, string> {
  return { resultOf: String(resultOf), name, path: at };
}

export function downloadUrl(blobId: Id, type: string, name: string): string {
  return path(theSession().downloadUrl, { accountId: accountId(), blobId, type, name });
}

export async function download(blobId: Id, type: string, name: string): Promise<Blob> {
  const response = await ask(downloadUrl(blobId, type, name));
  if (!response.ok) throw await problem(response);
  return response.blob();
}

/** XMLHttpRequest, since fetch tells nothing of what has gone up. */
export function upload(file: Blob, type: string, progress: (share: number) => void, abort?: AbortSignal): Promise<{ blobId: Id; size: number; type: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path(theSession().uploadUrl, { accountId: accountId() }));
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Content-Type", type || "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response);
      else reject(new JmapError(request.response?.type ?? String(request.status), request.response?.detail ?? `HTTP ${request.status}`));
    };
    request.onerror = () => reject(new OfflineError("the server cannot be reached"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    abort?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

const REOPEN = 10_000;

/** Calls back with the changed types until closed (RFC 8620 §7.3). After a lost connection what happened meanwhile is asked for. */
export function listen(changed: (types: Record<string, string>) => void): () => void {
  let source: EventSource;
  let timer = 0;
  let lost = false;
  const open = () => {
    source = new EventSource(path(theSession().eventSourceUrl, { types: "*", closeafter: "no", ping: "60" }));
    source.addEventListener("state", (event) => {
      const states = JSON.parse((event as MessageEvent<string>).data).changed?.[accountId()];
      if (states) changed(states);
    });
    source.onopen = () => {
      if (lost) changed({});
      lost = false;
      online.value = true;
    };
    source.onerror = () => {
      lost = true;
      // The browser tries again by itself unless it was refused.
      if (source.readyState === EventSource.CLOSED && signedIn.value) timer = window.setTimeout(open, REOPEN);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
