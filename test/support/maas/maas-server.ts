import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { api2Events, type StandInState, v3Events } from "./maas-events.ts";

/** Somebody with an API key at a MAAS. */
export interface MaasPerson {
  readonly username: string;
  readonly isSuperuser: boolean;
}

/** A MAAS's APIs, as far as they tell who has a key and what has happened. */
export interface MaasServerStandIn extends AsyncDisposable {
  readonly state: StandInState;
  /** With `/MAAS`, as an administrator enters it. */
  readonly url: string;
  /** By API key. */
  readonly people: Map<string, MaasPerson>;
  /** The keys that it was asked about, in that order; null for none. */
  readonly asked: (string | null)[];
  /** What was asked for: paths with queries, in that order. */
  readonly paths: string[];
  /** What it answers instead, while it is set. */
  instead: Instead | undefined;
  /** Happens behind each answer, while it is set. */
  onAnswer: (() => void) | undefined;
  /** Passwords for its API v3, by name, and tokens that are good now. */
  readonly logins: Map<string, string>;
  readonly tokens: Set<string>;
}

interface Instead {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body: string;
}

export async function startMaasServer(version = "3.3.11"): Promise<MaasServerStandIn> {
  const state: StandInState = { version, events: [], nodes: new Set() };
  const paths: string[] = [];
  const people = new Map<string, MaasPerson>();
  const asked: (string | null)[] = [];
  const server = http.createServer((request, response) => {
    const key = keyIn(request.headers.authorization);
    asked.push(key);
    paths.push(request.url ?? "");
    void (async () => {
      const sent = request.method === "POST" ? await text(request) : "";
      const own = request.url?.startsWith("/MAAS/a/v3/") === true ? answerV3(request, sent, standIn) : undefined;
      const { status, headers, body } = standIn.instead ?? own ?? answer(request.url ?? "", state, people, key);
      standIn.onAnswer?.();
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const standIn: MaasServerStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/MAAS`,
    state,
    people,
    asked,
    paths,
    instead: undefined,
    onAnswer: undefined,
    logins: new Map(),
    tokens: new Set(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return standIn;
}

function answer(
  url: string,
  state: StandInState,
  people: ReadonlyMap<string, MaasPerson>,
  key: string | null,
): Instead {
  if (url === "/MAAS/api/2.0/version/")
    return { status: 200, body: JSON.stringify({ version: state.version, subversion: "" }) };
  const { pathname, searchParams } = new URL(url, "http://maas");
  const asked = pathname.slice("/MAAS/api/2.0/".length);
  if (!["users/", "events/"].includes(asked) && !asked.startsWith("nodes/")) return { status: 404, body: "Not Found" };
  const person = key === null ? undefined : people.get(key);
  // As MAAS does it: what it says may hold the secret.
  if (person === undefined) return { status: 401, body: `Authorization Error: 'Invalid access token: ${key}'` };
  if (asked === "events/") return api2Events(state, searchParams);
  if (asked.startsWith("nodes/")) {
    return state.nodes.has(asked.split("/")[1] ?? "")
      ? { status: 200, body: "{}" }
      : { status: 404, body: "Not Found" };
  }
  const { username, isSuperuser } = person;
  const body = {
    is_superuser: isSuperuser,
    username,
    email: "",
    is_local: true,
    resource_uri: `/MAAS/api/2.0/users/${username}/`,
  };
  return { status: 200, body: JSON.stringify(body) };
}

function answerV3(
  { url = "", headers }: http.IncomingMessage,
  sent: string,
  { state, people, logins, tokens }: MaasServerStandIn,
): Instead {
  const { pathname, searchParams } = new URL(url, "http://maas");
  const [major = 0, minor = 0] = state.version.split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 6)) return { status: 404, body: "Not Found" };
  if (pathname === "/MAAS/a/v3/auth/login") {
    const form = new URLSearchParams(sent);
    const [name, password] = [form.get("username") ?? "", form.get("password")];
    if (password === null || logins.get(name) !== password) return { status: 401, body: `{"details":"${password}"}` };
    const token = `${name}.${tokens.size}`;
    tokens.add(token);
    return { status: 200, body: JSON.stringify({ kind: "Tokens", token_type: "bearer", access_token: token }) };
  }
  const token = (headers.authorization ?? "").replace("Bearer ", "");
  if (!tokens.has(token)) return { status: 401, body: "{}" };
  if (pathname === "/MAAS/a/v3/events") return v3Events(state, searchParams);
  if (pathname !== "/MAAS/a/v3/users/me") return { status: 404, body: "{}" };
  const username = token.replace(/\.\d+$/, "");
  const isSuperuser = [...people.values()].some((person) => person.username === username && person.isSuperuser);
  return { status: 200, body: JSON.stringify({ id: 1, username, is_superuser: isSuperuser }) };
}

function keyIn(header: string | undefined): string | null {
  const find = (name: string) => decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header ?? "")?.[1] ?? "");
  if (header === undefined) return null;
  return `${find("oauth_consumer_key")}:${find("oauth_token")}:${decodeURIComponent(find("oauth_signature")).slice(1)}`;
}
