import assert from "node:assert/strict";
import { type Answer, freshAddress, send } from "../clients/http-client.ts";
import { tryLogIn } from "../clients/native-client.ts";
import type { TestServer } from "../server.ts";
import type { Person } from "../worlds/people.ts";

type Login = Pick<Person, "username" | "password">;

/** Fills in one of MAAS's forms, from an address that nobody came from. */
export function postForm(
  server: TestServer,
  path: string,
  { username, password, code }: Login & { readonly code?: string },
): Promise<Answer> {
  return send(server.url, `/MAAS/${path}`, {
    method: "POST",
    from: freshAddress(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ username, password, ...(code !== undefined && { code }) }).toString(),
  });
}

/** Gives the right password alone, and gets what goes on from there. */
export async function pendingOf(server: TestServer, person: Login): Promise<string> {
  const answer = await tryLogIn(server, person, { api: "native", from: freshAddress() });
  assert.equal(answer.status, 403, answer.text);
  return answer.json<{ readonly pending_login: string }>().pending_login;
}
