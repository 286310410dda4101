import assert from "node:assert/strict";
import { freshAddress, send } from "../clients/http-client.ts";
import { type MaasPage, oauthHeader } from "../clients/maas-client.ts";
import { startServer, type TestServer } from "../server.ts";
import { admin } from "../worlds/people.ts";
import { type MaasDatabaseStandIn, makeMaasDatabase } from "./maas-database.ts";
import { type MaasServerStandIn, startMaasServer } from "./maas-server.ts";
import { mirrorProd, untilMirrored } from "./mirrored.ts";

/** API keys there: of a user with the id 12, and of an administrator. */
export const johnny = "consumer1:token1:secret1";
export const boss = "consumer2:token2:secret2";

export interface MirroredWorld extends AsyncDisposable {
  readonly maas: MaasDatabaseStandIn;
  readonly api: MaasServerStandIn;
  readonly server: TestServer;
}

/** A MAAS with a user and an administrator, and what they have done there, mirrored. */
export async function mirroredWorld(kind: "sqlite" | "postgres"): Promise<MirroredWorld> {
  await using opening = new AsyncDisposableStack();
  const maas = opening.use(await makeMaasDatabase());
  const api = opening.use(await startMaasServer());
  const server = opening.use(await startServer({ kind }));
  await maas.addUser({ id: 12, username: "johnnybegood" });
  await maas.addUser({ id: 13, username: "boss", isSuperuser: true });
  api.people.set(johnny, { username: "johnnybegood", isSuperuser: false });
  api.people.set(boss, { username: "boss", isSuperuser: true });
  await maas.write({ description: "Created token." });
  await maas.write({ username: "boss", userId: 13, description: "Updated configuration setting 'maas_name'." });
  await maas.write({ description: "Deleted token." });
  await maas.write({ type: "NODE_POWER_ON", userId: null, username: "", systemId: "abc123", hostname: "node-1" });
  // Somebody of that name whom MAAS had before, and whom it has deleted.
  await maas.write({ userId: 7, description: "Of another johnnybegood." });
  const { native } = admin(server);
  await mirrorProd(native, maas, { url: api.url });
  await untilMirrored(native, 5);
  const all = opening.move();
  return { maas, api, server, [Symbol.asyncDispose]: async () => all.disposeAsync() };
}

/** What the user has done there, newest first. */
export const own = ["Deleted token.", "Created token."];

/** What events a page of MAAS's API shows. */
export async function descriptions(
  server: TestServer,
  key: string,
  query: string,
  at = "at/prod/",
): Promise<readonly string[]> {
  const answer = await maasEvents(server, key, query, at);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<MaasPage>().events.map(({ description }) => description);
}

/** A page of MAAS's API, at the source that the address names. */
export function maasEvents(server: TestServer, key: string, query: string, at = "at/prod/") {
  const headers = { authorization: oauthHeader(key) };
  return send(server.url, `/MAAS/${at}api/2.0/events/?op=query&${query}`, { headers, from: freshAddress() });
}

/** The native API, as its own client names a source. */
export function nativeAt(server: TestServer, key: string, source = "prod") {
  const from = freshAddress();
  return {
    ask: (method: string, path: string, body?: unknown) =>
      send(server.url, `/api/v1/${path}`, {
        method,
        from,
        headers: {
          authorization: `Bearer ${key}`,
          "x-ironlog-source": source,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}
