import assert from "node:assert/strict";
import { test } from "node:test";
import { helpFor } from "../../../src/cli/help/api-help.ts";
import type { OperationCommand, ResourceCommand } from "../../../src/cli/client/api.ts";
import { parseDescription } from "../../../src/cli/client/api-description.ts";
import { parseOperationDoc } from "../../../src/cli/help/operation-doc.ts";
import { openShell } from "../../support/processes/command.ts";
import { send } from "../../support/clients/http-client.ts";
import { sharedServers } from "../../support/server.ts";

// What is described is good help: it says what stands where on the command line, and shows one that works. It comes from
// the program alone, so one kind of database is enough.

const serverOf = sharedServers();

async function everyCommand() {
  const answer = await send((await serverOf("sqlite")).url, "/MAAS/api/2.0/describe/");
  const api = parseDescription(answer.json(), "authenticated");
  const profile = { name: "lab", url: "http://audit.example/MAAS/api/2.0/", key: undefined, cacerts: undefined, api };
  const commands: { resource: ResourceCommand; operation: OperationCommand; help: string }[] = [];
  for (const resource of Object.values(api.resources)) {
    for (const operation of Object.values(resource.operations)) {
      commands.push({ resource, operation, help: helpFor(profile, resource, operation) });
    }
  }
  return commands;
}

test("every action has one example, of parameters that exist, with all that are required", async () => {
  for (const { resource, operation } of await everyCommand()) {
    const { parameters, examples } = parseOperationDoc(operation.doc);
    const [words = "", ...more] = examples;
    assert.deepEqual(more, [], operation.doc);
    const [first, second, ...rest] = words.split(" ");
    assert.deepEqual([first, second], [resource.name, operation.name], operation.doc);
    const places = rest.slice(0, operation.params.length);
    const pairs = rest.slice(operation.params.length);
    assert.equal(places.length, operation.params.length, words);
    for (const place of places) assert.match(place, /^[\w-]+$/, words);
    // The client puts `keysource=` before each word of this one itself.
    if (words.startsWith("sshkeys import")) {
      assert.deepEqual(pairs, ["gh:bob"]);
      continue;
    }
    const given = pairs.map((pair) => /^(\w+)@?=\S+$/.exec(pair)?.[1] ?? assert.fail(`${words}: ${pair}`));
    for (const name of given)
      assert.ok(
        parameters.some((one) => one.name === name),
        `${words}: no ${name}`,
      );
    for (const { name, text } of parameters) {
      if (text.startsWith("Required.")) assert.ok(given.includes(name), `${words}: ${name} is required`);
    }
  }
});

test("no doc contradicts itself, and nothing in a body is taken for a parameter", async () => {
  for (const { operation } of await everyCommand()) {
    const { parameters } = parseOperationDoc(operation.doc);
    assert.doesNotMatch(operation.doc, /in fact|\n\n\n|\r/);
    for (const { text } of parameters) assert.doesNotMatch(text, /^Optional\. Required/);
    assert.equal(operation.doc.includes(":param "), parameters.length > 0, operation.doc);
  }
});

test("the help of every operation explains its words and shows the example, ready to be copied", async () => {
  for (const { resource, operation, help } of await everyCommand()) {
    const [example = ""] = parseOperationDoc(operation.doc).examples;
    assert.ok(help.includes(`\nExample:\n  ironlog lab ${example}\n`), help);
    for (const param of operation.params) {
      assert.match(help, new RegExp(`^ {2}${param.toUpperCase()} +The .+, as '[a-z-]+ read'\\s+lists\\s+it\\.$`, "m"));
      assert.equal(help.split(`${param.toUpperCase()}: `).length, 1, "it is explained in its place alone");
    }
    assert.ok(help.startsWith(`Usage: ironlog lab ${resource.name} ${operation.name}`));
  }
});

test("an update's help says nothing of what is so when something is made", async () => {
  for (const { resource, operation } of (await everyCommand()).filter(({ operation: { name } }) => name === "update")) {
    for (const { name, text } of parseOperationDoc(operation.doc).parameters) {
      assert.doesNotMatch(text, /unless given|random|default|a new one needs/i, `${resource.name} ${name}`);
    }
  }
});

test("sshkeys import says what Canonical's client takes, and machine deploy what it deploys", async () => {
  const commands = await everyCommand();
  const textsOf = (words: string) => {
    const found = commands.find(({ resource, operation }) => `${resource.name} ${operation.name}` === words);
    return new Map(parseOperationDoc(found?.operation.doc ?? "").parameters.map(({ name, text }) => [name, text]));
  };
  assert.match(textsOf("sshkeys import").get("keysource") ?? "", /such as gh:bob, without keysource= before it/);
  for (const name of ["distro_series", "hwe_kernel", "user_data", "agent_name", "comment", "install_kvm"]) {
    assert.ok(textsOf("machine deploy").has(name), name);
  }
});

test("the client shows it", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  assert.equal((await shell.ironlog(["login", "p", `${server.url}/MAAS/`, server.firstLogin.apiKey])).code, 0);
  const { code, stdout } = await shell.ironlog(["p", "machine", "update", "--help"]);
  assert.equal(code, 0);
  assert.ok(stdout.includes("\n  SYSTEM_ID  The machine's system id, as 'machines read' lists it.\n"), stdout);
  assert.ok(stdout.includes("\nExample:\n  ironlog p machine update abc346 zone=default status=Deployed\n"), stdout);
  const setting = await shell.ironlog(["p", "maas", "set-config", "--help"]);
  for (const name of ["maas_name", "ironlog_github_url"]) assert.ok(setting.stdout.includes(name), setting.stdout);
});
