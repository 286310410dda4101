import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginLimiter } from "../../src/accounts/login-limiter.ts";
import { commandWords, type MaasOperation } from "../../src/http/maas/operation.ts";
import { type NativeOperation, nativePath } from "../../src/http/native/operation.ts";
import { Unrecorded } from "../../src/http/unrecorded.ts";
import { gatherOperations } from "../../src/operations.ts";
import { kinds } from "../support/databases.ts";
import { send } from "../support/http-client.ts";
import type { NativeClient, NativePage } from "../support/native-client.ts";
import { admin, makePerson } from "../support/people.ts";
import { sharedServers } from "../support/server.ts";

// Every operation, taken from the declarations themselves, so that a new one can't be forgotten.

const serverOf = sharedServers();
const services = { limiter: new LoginLimiter(new Unrecorded()), passwordChanged: async () => {} };
const { maas, native } = gatherOperations(services, "2.9");

interface Asked {
  readonly name: string;
  readonly who: MaasOperation["who"];
  readonly method: string;
  readonly path: string;
}

const asked: readonly Asked[] = [
  ...maas.filter(({ resource }) => resource !== null).map(maasRequest),
  ...native.map(nativeRequest),
];

for (const kind of kinds) {
  test(`nobody gets past a door without credentials, and nothing changes (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const before = await lastEventIdOf(root.native);
    for (const { name, who, method, path } of asked) {
      if (who === "anyone") continue;
      const answer = await send(server.url, path, { method });
      assert.equal(answer.status, 401, name);
      assert.ok(!/admin|@example/.test(answer.text), name);
    }
    assert.equal(await lastEventIdOf(root.native), before);
  });

  test(`a user is refused what is for administrators, each time in the log, and nothing else (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const forAdministrators = asked.filter((one) => one.who === "administrator");
    let person = await makePerson(server);
    for (const [index, { name, who, method, path }] of forAdministrators.entries()) {
      // The log takes only so many refusals of one person at once.
      if (index % 25 === 24) person = await makePerson(server);
      const before = await lastEventIdOf(root.native);
      const answer = await send(server.url, path, { method, headers: { authorization: `Bearer ${person.apiKey}` } });
      assert.equal(answer.status, 403, `${name} (${who}): ${answer.text}`);
      assert.equal(await lastEventIdOf(root.native), before + 1, name);
      const event = (await root.native.ask("GET", `events/${before + 1}`)).json<{ action: string; username: string }>();
      assert.deepEqual([event.action, event.username], ["operation.refuse", person.username], name);
    }
  });

  test(`an administrator gets past the door of every operation (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    // What would end the administrator, or the credentials it comes with.
    const harmful = /^(DELETE|PUT) \/api\/v1\/(session|sessions|account)/;
    for (const { name, method, path } of asked.filter((one) => !harmful.test(one.name))) {
      const answer = await send(server.url, path, { method, headers: { authorization: `Bearer ${apiKey}` } });
      assert.ok(answer.status !== 401 || name.endsWith("/session"), `${name}: ${answer.status} ${answer.text}`);
      assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text}`);
    }
  });
}

async function lastEventIdOf(client: NativeClient): Promise<number> {
  return (await client.ask("GET", "events?limit=1")).json<NativePage>().items[0]?.id ?? 0;
}

function maasRequest(operation: MaasOperation): Asked {
  const path = `/MAAS/${filled(operation.path)}${operation.op === null ? "" : `?op=${operation.op}`}`;
  return { name: commandWords(operation), who: operation.who, method: operation.method, path };
}

function nativeRequest(operation: NativeOperation): Asked {
  const path = filled(nativePath(operation));
  return { name: `${operation.method} ${nativePath(operation)}`, who: operation.who, method: operation.method, path };
}

/** Names nothing that exists. */
function filled(path: string): string {
  return path.replace(/\{\w+\}/g, "999999");
}
