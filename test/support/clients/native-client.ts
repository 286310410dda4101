import assert from "node:assert/strict";
import { type Answer, type Ask, send } from "./http-client.ts";
import type { Place } from "./maas-client.ts";

/** Asks the native API. Paths are below `/api/v1/`; bodies are values. */
export interface NativeClient {
  readonly place: Place;
  ask(method: string, path: string, body?: unknown, ask?: Ask): Promise<Answer>;
}

/** By API key. */
export function bearer(place: Place, apiKey: string, from?: string): NativeClient {
  return clientWith(place, { authorization: `Bearer ${apiKey}` }, from);
}

/** By nobody. */
export function anonymous(place: Place, from?: string): NativeClient {
  return clientWith(place, {}, from);
}

/** By the session of a login; writes carry its form token. */
export interface SessionClient extends NativeClient {
  readonly sessionId: string;
  readonly formToken: string;
  readonly cookies: string;
  /** Sends to any path, with the session's cookies and, unless told otherwise, the form token. */
  send(path: string, ask?: Ask): Promise<Answer>;
}

/** Logs in at one of the two apis. */
export async function logIn(
  place: Place,
  who: { readonly username: string; readonly password: string },
  options: {
    readonly api?: "maas" | "native";
    readonly from?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<SessionClient> {
  const answer = await tryLogIn(place, who, options);
  assert.equal(answer.status, options.api === "native" ? 200 : 204, answer.text);
  const sessionId = answer.cookie("sessionid") ?? "";
  const formToken = answer.cookie("csrftoken") ?? "";
  return sessionClient(place, sessionId, formToken, options.from);
}

/** Tries to log in, and gives the answer. */
export function tryLogIn(
  place: Place,
  { username, password }: { readonly username: string; readonly password: string },
  {
    api,
    from,
    headers,
  }: {
    readonly api?: "maas" | "native";
    readonly from?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  if (api === "native") {
    return send(place.url, "/api/v1/session", {
      method: "POST",
      from,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ username, password }),
    });
  }
  return send(place.url, "/MAAS/accounts/login/", {
    method: "POST",
    from,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ username, password }).toString(),
  });
}

export function sessionClient(place: Place, sessionId: string, formToken: string, from?: string): SessionClient {
  const cookies = `sessionid=${sessionId}; csrftoken=${formToken}`;
  return {
    ...clientWith(place, { cookie: cookies, "x-csrftoken": formToken }, from),
    sessionId,
    formToken,
    cookies,
    send: (path, ask = {}) =>
      send(place.url, path, { from, ...ask, headers: { cookie: cookies, "x-csrftoken": formToken, ...ask.headers } }),
  };
}

function clientWith(place: Place, headers: Readonly<Record<string, string>>, from: string | undefined): NativeClient {
  return {
    place,
    ask: (method, path, body, ask = {}) =>
      send(place.url, `/api/v1/${path}`, {
        from,
        ...ask,
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }), ...ask.headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** An event as the native API shows it. */
export interface NativeEvent {
  readonly id: number;
  readonly level: string;
  readonly type: string;
  readonly type_words: string;
  readonly action: string;
  readonly outcome: "success" | "failure";
  readonly source: string;
  readonly created: string;
  readonly occurred: string;
  readonly username: string | null;
  readonly user_id: number | null;
  readonly realm: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly endpoint: string | null;
  readonly trace_id: string | null;
  readonly forwarded: string | null;
  readonly session: string | null;
  readonly key: string | null;
  readonly target_kind: string | null;
  readonly target_id: string | null;
  readonly target_name: string | null;
  readonly description: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly node: string | null;
  readonly hostname: string | null;
}

export interface NativePage {
  readonly items: readonly NativeEvent[];
  readonly newer: string | null;
  readonly older: string | null;
}

/** All events that match, newest first, over as many pages as it takes. */
export async function allEvents(
  client: NativeClient,
  filters: Readonly<Record<string, string>> = {},
): Promise<readonly NativeEvent[]> {
  const found: NativeEvent[] = [];
  let path: string | null = `events?${new URLSearchParams({ limit: "1000", ...filters }).toString()}`;
  while (path !== null) {
    const answer: Answer = await client.ask("GET", path);
    assert.equal(answer.status, 200, answer.text);
    const page = answer.json<NativePage>();
    found.push(...page.items);
    path = page.older?.replace(/^\/api\/v1\//, "") ?? null;
  }
  return found;
}

/** What a server verifies by itself comes when it comes: a test of what a request records doesn't look at it. */
export const byOthers = "exclude=action%3Alog.verify";

/** The id of the newest event that the client may see; 0 where there is none. */
export async function newestEventId(client: NativeClient): Promise<number> {
  return (await client.ask("GET", `events?limit=1&${byOthers}`)).json<NativePage>().items[0]?.id ?? 0;
}

/** What was recorded after the event of that id, oldest first. For the few events of a test: one page has to hold them. */
export async function eventsSince(client: NativeClient, id: number): Promise<readonly NativeEvent[]> {
  const answer = await client.ask("GET", `events?limit=1000&after=${id}&${byOthers}`);
  assert.equal(answer.status, 200, answer.text);
  const { items } = answer.json<NativePage>();
  assert.ok(items.length < 1000, "these are too many for one page");
  return items.toReversed();
}
