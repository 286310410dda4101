import assert from "node:assert/strict";
import { freshAddress } from "../clients/http-client.ts";
import { eventsSince, newestEventId, type SessionClient, sessionClient } from "../clients/native-client.ts";
import type { TestServer } from "../server.ts";
import { admin } from "../worlds/people.ts";
import { freshName } from "../worlds/world.ts";
import { TestBrowser } from "./browser.ts";
import { freshProviderName } from "./provider-name.ts";
import { type Claimant, type RealProvider, startProvider } from "./real-provider.ts";

/** A server that knows a provider, and the other way round. */
export interface Joined extends AsyncDisposable {
  readonly server: TestServer;
  readonly provider: RealProvider;
  /** How the server calls the provider. */
  readonly name: string;
}

/** Starts a provider, and has an administrator add it. */
export async function joinProvider(server: TestServer, settings: object = {}): Promise<Joined> {
  const name = freshProviderName();
  const provider = await startProvider(server.url, name);
  const { issuer, clientId: client_id, clientSecret: client_secret } = provider;
  await addProvider(server, { name, issuer, client_id, client_secret, ...settings });
  return { server, provider, name, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() };
}

/** Adds an enabled provider to the server. */
export async function addProvider(server: TestServer, settings: object): Promise<void> {
  const made = await admin(server).native.ask("POST", "oidc-providers", { is_enabled: true, ...settings });
  assert.equal(made.status, 201, made.text);
}

/** Somebody whom the provider knows, and nobody here. */
export function somebody(more: object = {}): Claimant & { readonly preferred_username: string } {
  const username = freshName("person");
  const email = `${username}@example.com`;
  return { sub: `sub-of-${username}`, preferred_username: username, name: "Ada Example", email, ...more };
}

export interface SignedIn {
  readonly browser: TestBrowser;
  readonly session: SessionClient;
}

/** Goes from the login page to the provider and back. Gives where the browser ended: a path of the server. */
export async function tryToSignIn(
  { server, provider, name }: Omit<Joined, typeof Symbol.asyncDispose>,
  person: Claimant | null,
  browser = new TestBrowser(freshAddress()),
  query = "",
): Promise<string> {
  provider.person = person;
  const { url } = await browser.follow(`${server.url}/oidc/${name}/login${query}`, undefined);
  assert.ok(url.startsWith(server.url), url);
  return url.slice(server.url.length);
}

/** The same for somebody who is let in. */
export async function signIn(
  joined: Omit<Joined, typeof Symbol.asyncDispose>,
  person: Claimant,
  browser = new TestBrowser(freshAddress()),
  query = "",
): Promise<SignedIn> {
  const ended = await tryToSignIn(joined, person, browser, query);
  assert.ok(!ended.includes("failed="), ended);
  return { browser, session: sessionOf(joined.server, browser) };
}

/** The session that a browser has. */
export function sessionOf(server: TestServer, browser: TestBrowser): SessionClient {
  const [id = "", form = ""] = ["sessionid", "csrftoken"].map((cookie) => browser.cookie(server.url, cookie));
  return sessionClient(server, id, form, browser.from);
}

/** Who a session is; undefined where it has ended. */
export async function whoIs(session: SessionClient): Promise<string | undefined> {
  const answer = await session.ask("GET", "session");
  assert.ok(answer.status === 200 || answer.status === 401, answer.text);
  return answer.status === 200 ? answer.json<{ username: string }>().username : undefined;
}

/** What was recorded while something was done. */
export async function recorded({ server }: Pick<Joined, "server">, act: () => Promise<unknown>) {
  const { native } = admin(server);
  const before = await newestEventId(native);
  await act();
  return eventsSince(native, before);
}

export type Recorded = Awaited<ReturnType<typeof recorded>>;
/** Which events, how they went, and whose they are. */
export const outline = (events: Recorded) => events.map(({ action, outcome, username }) => [action, outcome, username]);
export function detailsOf(event: Recorded[number] | undefined): Readonly<Record<string, unknown>> {
  return event?.details ?? {};
}

/** Which events, with why they failed. */
export const reasons = (events: Recorded) => events.map((event) => [event.action, detailsOf(event)["reason"]]);
