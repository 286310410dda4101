import http from "node:http";
import type { AddressInfo } from "node:net";
import { api2Events, type StandInState } from "./maas-events.ts";

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
    const { status, headers, body } = standIn.instead ?? answer(request.url ?? "", state, people, key);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const standIn: MaasServerStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/MAAS`,
    state,
    people,
    asked,
    paths,
    instead: undefined,
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

function keyIn(header: string | undefined): string | null {
  const find = (name: string) => decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header ?? "")?.[1] ?? "");
  if (header === undefined) return null;
  return `${find("oauth_consumer_key")}:${find("oauth_token")}:${decodeURIComponent(find("oauth_signature")).slice(1)}`;
}
