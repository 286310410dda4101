import assert from "node:assert/strict";
import { test } from "node:test";
import { type Asker, askersIn, demanded, type Role, roles } from "../../support/clients/askers.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { encode, type ParameterPairs } from "../../support/clients/maas-client.ts";
import { loggedSince, newestLoggedId } from "../../support/databases/logged.ts";
import { type DeclaredOperation, everyOperation, targetOf } from "../../support/operations.ts";
import { sampleSshKeys } from "../../support/sample-keys.ts";
import { sharedServers } from "../../support/server.ts";
import { makeVictim, type Victim } from "../../support/victim.ts";

// B7, D3: every operation, asked by others about what is somebody's own: they learn nothing of it and change nothing.

const serverOf = sharedServers();

/** Everybody who isn't an administrator. */
// People of a mirrored MAAS are refused all of it, as the matrix of roles shows.
const others = roles.filter(
  ({ user, realm }) => realm === undefined && user?.isAdministrator !== true && user?.isAuditor !== true,
);

/** Operations whose path names what is somebody's own; other paths name people, or what is everybody's. */
const isOfSomebody = ({ path }: DeclaredOperation): boolean =>
  /\{(token_key|system_id)\}|\/(sessions|ssh-?keys|ssl-?keys|events)\/\{id\}|\/users\/\{username\}\/./.test(path);

/** Operations that name what is somebody's own in their parameters, and how they refuse it. */
const refusedParameters: Readonly<Record<string, number>> = {
  "account delete-authorisation-token": 404,
  "account update-token-name": 404,
  "machines release": 400,
  "machines allocate": 409,
  "sshkeys create": 400,
  "maas get-config": 403,
};

/** What a request needs so that nothing but its asker is wrong with it. */
function valuesOf({ name }: DeclaredOperation, victim: Victim): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "PATCH /api/v1/account/tokens/{token_key}": { name: "stolen" },
    "POST /api/v1/nodes/{system_id}/steps": { step: "power_off" },
    "account delete-authorisation-token": { token_key: victim.tokenKey },
    "account update-token-name": { token: victim.tokenKey, name: "stolen" },
    "machines release": { machines: victim.systemId },
    "machines allocate": { system_id: victim.systemId },
    "sshkeys create": { key: sampleSshKeys[0].key, user: victim.person.username },
    "maas get-config": { name: victim.secretSetting },
    "GET /api/v1/events": { limit: "1000" },
    "events query": { limit: "1000" },
    "GET /api/v1/events/export": { format: "jsonl" },
  };
  return values[name] ?? {};
}

forEachKind((kind) => {
  for (const role of others) {
    test(`${role.name} neither sees nor changes what is somebody else's, by no operation (${kind})`, async () => {
      const server = await serverOf(kind);
      const victim = await makeVictim(server);
      const askers = askersIn(role, server);
      const before = await victim.everything();
      for (const operation of everyOperation) {
        const asker = await askers.current();
        const last = await newestLoggedId(server);
        const answer = await askAbout(operation, asker, victim);
        assertKeptAway(operation, answer, role);
        assertNothingTold(operation, answer, victim);
        const events = await loggedSince(server, last);
        for (const event of events) {
          const message = `${operation.name}: ${event.description}`;
          assert.equal(event.username, asker.username, message);
          assert.ok(!victim.names.includes(event.target_name ?? ""), message);
          // What they did to themselves is theirs to do: a key of their own, their own sessions.
          if (answer.status >= 300) assert.equal(event.action, "operation.refuse", message);
        }
        if (demanded(operation, role) === 403) askers.wasRefused();
      }
      assert.deepEqual(await victim.everything(), before);
    });
  }

  test(`what others are kept from is there, and is shown to whose it is (${kind})`, async () => {
    const victim = await makeVictim(await serverOf(kind));
    const asker = { headers: { authorization: `Bearer ${victim.person.apiKey}` } };
    // The victim's node is a machine, and is found under nothing else.
    const own = everyOperation.filter(
      (operation) =>
        isOfSomebody(operation) &&
        operation.kind === "query" &&
        operation.who === "user" &&
        !/devices|controllers/.test(operation.path),
    );
    assert.ok(own.length >= 8, "there are queries about what is somebody's own");
    for (const operation of own) {
      const answer = await askAbout(operation, asker, victim);
      assert.equal(answer.status, 200, `${operation.name}: ${answer.text}`);
      // A proof holds its event in an encoding in which no mark is found.
      if (operation.path.endsWith("/proof")) continue;
      assert.ok(
        victim.marks.some((mark) => answer.text.includes(mark)),
        `${operation.name}: ${answer.text}`,
      );
    }
  });
});

/** Whoever may not do it isn't let in, and whoever is let in finds nothing of somebody else's. */
function assertKeptAway(operation: DeclaredOperation, { status, text }: Answer, role: Role): void {
  const message = `${operation.name}: ${status} ${text}`;
  const demand = demanded(operation, role);
  if (demand !== "in") return assert.equal(status, demand === 401 && operation.isView ? 302 : demand, message);
  if (isOfSomebody(operation)) assert.ok(status === 403 || status === 404, message);
  const refused = refusedParameters[operation.name];
  if (refused !== undefined) assert.equal(status, refused, message);
}

/** The answer holds nothing of the victim's; a refusal may repeat what it was asked about. */
function assertNothingTold({ name }: DeclaredOperation, { status, text, headers }: Answer, victim: Victim): void {
  const asked: readonly string[] = status >= 400 ? [victim.tokenKey, victim.systemId] : [];
  const shown = JSON.stringify(headers) + text;
  assert.deepEqual(
    victim.marks.filter((mark) => !asked.includes(mark) && shown.includes(mark)),
    [],
    `${name}: ${text}`,
  );
}

async function askAbout(
  operation: DeclaredOperation,
  { headers }: Pick<Asker, "headers">,
  victim: Victim,
): Promise<Answer> {
  const { method, api, isEndless: headOfStream } = operation;
  const values = valuesOf(operation, victim);
  const parameters: ParameterPairs = Object.entries(values);
  const fill = (parameter: string) => victim.fill(operation.path, parameter);
  const { url } = victim.server;
  if (method === "GET" || parameters.length === 0) {
    return send(url, targetOf(operation, fill, parameters), { method, headers, headOfStream });
  }
  const [type, body] =
    api === "native"
      ? ["application/json", JSON.stringify(values)]
      : ["application/x-www-form-urlencoded", encode(parameters)];
  return send(url, targetOf(operation, fill), { method, headers: { ...headers, "content-type": type }, body });
}
