import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { eventsSince } from "../../support/clients/native-client.ts";
import { newestLoggedId } from "../../support/databases/logged.ts";
import { type DeclaredOperation, everyOperation } from "../../support/operations.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";
import { makeVictim, type Victim } from "../../support/victim.ts";
import { requestOf } from "../../examples/operations/attempt-request.ts";
import { operationExamples } from "../../examples/registry.ts";
import type { Attempt } from "../../examples/operations/example.ts";
import { makeNode } from "../../examples/operations/nodes.ts";
import { byKey, World } from "../../support/worlds/server-world.ts";

// A parameter is stored and read back, or looked at and refused, or ignored with a `Warning` and in the documents. What is
// accepted and dropped without a word makes a client believe that it is so.

const serverOf = sharedServers();
const described = everyOperation.filter(({ isView, isEndless }) => !isView && !isEndless);
const compatibility = readFileSync(path.join(import.meta.dirname, "../../../docs/maas-compatibility.md"), "utf8");

/** Shown nowhere, so that only its refusal can be seen. */
const secret = /password|client_secret|^token$|^script$|^content$/;

test("what is ignored is listed in docs/maas-compatibility.md, with its reason", () => {
  for (const { name, parameters } of described) {
    for (const { name: parameter, ignored } of parameters.filter((one) => one.ignored !== undefined)) {
      const row = compatibility
        .split("\n")
        .find((line) => line.startsWith(`| \`${name}\` |`) && line.includes(`\`${parameter}\``));
      assert.ok(row?.includes(`| ${ignored} |`), `${name} ${parameter}: run \`npm run docs\``);
    }
  }
});

forEachKind((kind) => {
  let opened: Promise<{ readonly world: World; readonly victim: Victim }> | undefined;
  const open = async () => {
    opened ??= serverOf(kind).then(async (server) => {
      const world = new World(server);
      // One node of each type, so that each list is of something.
      for (const type of ["device", "rack controller", "region controller"]) await makeNode(world, { type });
      return { world, victim: await makeVictim(server) };
    });
    return opened;
  };
  after(async () => (await opened)?.world[Symbol.asyncDispose]());

  for (const operation of described.filter(({ parameters }) => parameters.length > 0)) {
    const ignored = operation.parameters.filter((parameter) => parameter.ignored !== undefined);
    const judged = operation.parameters.filter((parameter) => parameter.ignored === undefined);
    if (judged.length > 0) {
      test(`${operation.name} drops no parameter without a word (${kind})`, async () => {
        const { world, victim } = await open();
        const dropped: string[] = [];
        for (const { name } of judged) {
          if (!(await hasEffect(world, victim, operation, name))) dropped.push(name);
        }
        assert.deepEqual(dropped, []);
      });
    }
    if (ignored.length > 0) {
      test(`${operation.name} warns of what it ignores, and of nothing else (${kind})`, async () => {
        const { world, victim } = await open();
        const next = async (): Promise<Attempt> =>
          operation.kind === "query" ? withoutValues(victim, operation) : successOf(world, operation);
        const attempt = await next();
        assert.equal((await ask(world, operation, attempt)).headers["warning"], undefined);
        const names = ignored.map(({ name }) => name.replace("*", "power_address"));
        const values = { ...Object.fromEntries(names.map((name) => [name, "1"])), nosuch: "1" };
        const again = await next();
        // These refuse what MAAS doesn't know.
        const isStrict = operation.name === "machines allocate" || operation.kind === "query";
        const sent = isStrict ? names.map((name) => [name, "1"]) : Object.entries(values);
        const answer = await ask(world, operation, {
          ...again,
          values: { ...again.values, ...Object.fromEntries(sent) },
        });
        assert.ok(answer.status < 300, answer.text);
        const expected = ignored.map(({ ignored: why }, at) => `299 - "${names[at]} is ignored: ${why}"`);
        assert.deepEqual(
          String(answer.headers["warning"])
            .split(/, (?=299 )/)
            .toSorted(),
          expected.toSorted(),
        );
      });
    }
  }
});

/** Whether a value that nothing has is refused, comes back, is recorded, or changes what is found. */
async function hasEffect(world: World, victim: Victim, operation: DeclaredOperation, name: string): Promise<boolean> {
  // Too short for each of them, but a client secret: that one has a blank behind it.
  const probe = /client_secret|database_password|^token$/.test(name)
    ? "x\n"
    : secret.test(name)
      ? "x"
      : freshName("nosuch");
  if (operation.kind === "query") {
    const plain = withoutValues(victim, operation);
    const without = await ask(world, operation, plain);
    const answer = await ask(world, operation, { ...plain, values: { [name]: probe } });
    return answer.status >= 400 || answer.text !== without.text;
  }
  const attempt = await successOf(world, operation);
  const isList = Array.isArray(attempt.values?.[name]);
  const values = { ...attempt.values, [name]: isList ? [probe] : probe };
  const { list: _list, files = [], ...one } = attempt;
  const others = files.filter(([file]) => file !== name);
  const isFile = others.length < files.length;
  const before = await newestLoggedId(world.server);
  const answer = await ask(world, operation, {
    ...one,
    ...(isFile ? { files: [...others, [name, probe] as const] } : { values }),
    ...(!isFile && files.length > 0 && { files }),
  });
  if (answer.headers["warning"]?.includes(name) === true || answer.status >= 400) return true;
  if (secret.test(name)) return false;
  return answer.text.includes(probe) || JSON.stringify(await eventsSince(world.root.native, before)).includes(probe);
}

/** A query of something that is there. */
function withoutValues(victim: Victim, { path }: DeclaredOperation): Attempt {
  const filled = new Proxy({}, { get: (_, parameter) => victim.fill(path, String(parameter)) });
  return { what: "a query", path: filled, status: 200 };
}

/** A request that would succeed, in a world of its own. */
async function successOf(world: World, { name }: DeclaredOperation): Promise<Attempt> {
  const attempts = (await operationExamples[name]?.(world)) ?? [];
  const success = attempts.find(({ status, records = [] }) => status < 300 && records.length > 0);
  assert.ok(success !== undefined, `${name} has no example that succeeds`);
  return success;
}

function ask(world: World, operation: DeclaredOperation, attempt: Attempt): Promise<Answer> {
  const by = attempt.by ?? byKey(world.root);
  const { target, headers, body } = requestOf(operation, attempt);
  return send(world.server.url, target, {
    method: operation.method,
    from: by.ip,
    headers: { ...by.headers(operation.api), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}
