import assert from "node:assert/strict";
import { after, test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { multipart } from "../../support/clients/maas-client.ts";
import { eventsSince, newestEventId } from "../../support/clients/native-client.ts";
import { type DeclaredOperation, everyOperation } from "../../support/operations.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";
import { formOf, requestOf } from "../../examples/operations/attempt-request.ts";
import { operationExamples } from "../../examples/registry.ts";
import type { Attempt } from "../../examples/operations/example.ts";
import { byKey, World } from "../../support/worlds/server-world.ts";

// `KEY@=FILE` of the clients sends a part with a filename: it counts as its field's value everywhere.

const serverOf = sharedServers();
const commands = everyOperation.filter(({ api, kind, method }) => {
  return api === "maas" && kind === "command" && (method === "POST" || method === "PUT");
});

forEachKind((kind) => {
  let opened: Promise<World> | undefined;
  const open = async (): Promise<World> => (opened ??= serverOf(kind).then((server) => new World(server)));
  after(async () => (await opened)?.[Symbol.asyncDispose]());

  for (const operation of commands) {
    test(`${operation.name} takes each of its fields as a file (${kind})`, async () => {
      const world = await open();
      const attempts = (await operationExamples[operation.name]?.(world)) ?? [];
      const success = attempts.find(({ status, records = [] }) => status < 300 && records.length > 0);
      assert.ok(success !== undefined);
      const before = await newestEventId(world.root.native);
      const answer = await sendAsFiles(world, operation, success);
      assert.equal(answer.status, success.status, answer.text);
      assert.deepEqual(
        (await eventsSince(world.root.native, before)).map(({ description }) => description),
        (success.records ?? []).map(({ description }) => description),
      );
    });
  }

  test(`a file's text loses its last line end, and a key doesn't; other bytes are refused (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const name = freshName("zone");
    const create = async (description: Buffer): Promise<Answer> => {
      const { body, type } = multipart([["name", name]], [["description", description]]);
      return maas.ask("zones/", { method: "POST", body, headers: { "content-type": type } });
    };
    const refused = await create(Buffer.from([0xff, 0xfe]));
    assert.deepEqual([refused.status, refused.json()], [400, { description: ["Send text as UTF-8."] }]);
    const made = await create(Buffer.from("Cellar\nleft\r\n"));
    assert.equal(made.json<{ readonly description: string }>().description, "Cellar\nleft", made.text);
  });
});

/** Sends every value as a file with a line end behind it, but what may be repeated as often as it is. */
async function sendAsFiles(world: World, operation: DeclaredOperation, attempt: Attempt): Promise<Answer> {
  const by = attempt.by ?? byKey(world.root);
  const { target } = requestOf(operation, attempt);
  const asFiles = formOf(attempt.values).map(([name, value]) => [name, Buffer.from(`${value}\n`)] as const);
  const given = (attempt.files ?? []).map(([name, content]) => [name, Buffer.from(content)] as const);
  const { body, type } = multipart([], [...asFiles, ...given]);
  return send(world.server.url, target, {
    method: operation.method,
    from: by.ip,
    headers: { ...by.headers("maas"), "content-type": type },
    body,
  });
}
