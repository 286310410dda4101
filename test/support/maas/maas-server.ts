import http from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody with an API key at a MAAS. */
export interface MaasPerson {
  readonly username: string;
  readonly isSuperuser: boolean;
}

/** A MAAS's API 2.0, as far as it tells who has a key. */
export interface MaasServerStandIn extends AsyncDisposable {
  /** With `/MAAS`, as an administrator enters it. */
  readonly url: string;
  /** By API key. */
  readonly people: Map<string, MaasPerson>;
  /** The keys that it was asked about, in that order; null for none. */
  readonly asked: (string | null)[];
  /** What it answers instead, while it is set. */
  instead: Instead | undefined;
}

interface Instead {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body: string;
}

export async function startMaasServer(): Promise<MaasServerStandIn> {
  const people = new Map<string, MaasPerson>();
  const asked: (string | null)[] = [];
  const server = http.createServer((request, response) => {
    const key = keyIn(request.headers.authorization);
    asked.push(key);
    const { status, headers, body } = standIn.instead ?? answer(request.url ?? "", people, key);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const standIn: MaasServerStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/MAAS`,
    people,
    asked,
    instead: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return standIn;
}

function answer(url: string, people: ReadonlyMap<string, MaasPerson>, key: string | null): Instead {
  if (url === "/MAAS/api/2.0/version/")
    return { status: 200, body: JSON.stringify({ version: "3.3.11", subversion: "" }) };
  if (url !== "/MAAS/api/2.0/users/?op=whoami") return { status: 404, body: "Not Found" };
  const person = key === null ? undefined : people.get(key);
  // As MAAS does it: what it says may hold the secret.
  if (person === undefined) return { status: 401, body: `Authorization Error: 'Invalid access token: ${key}'` };
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
