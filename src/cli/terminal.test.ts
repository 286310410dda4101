import assert from "node:assert/strict";
import { test } from "node:test";
import { json, textAnswer } from "../../test/support/cli/fake-server.ts";
import { fakeDescription } from "../../test/support/cli/fake-description.ts";
import { environmentOf, startClient, runProgram, type ClientSetting } from "../../test/support/cli/client-setting.ts";
import { mainFile } from "../../test/support/processes/program.ts";

// A server that nobody should trust, and a person at a terminal, which script(1) makes.

/** Clears the screen, sets the title, by control characters of 7 and of 8 bits; then turns the text around. */
const hostile = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe";
const shown = String.raw`\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe`;

/** What a terminal gets of a command, standard error and all. */
async function onTerminal(world: ClientSetting, args: readonly string[]): Promise<string> {
  const command = [process.execPath, mainFile, ...args].map((word) => `'${word}'`).join(" ");
  const environment = { ...environmentOf(world.folder), TERM: "dumb" };
  const { stdout } = await runProgram("script", ["-qec", command, "/dev/null"], environment);
  return stdout;
}

async function hasScript(): Promise<boolean> {
  return (await runProgram("/bin/sh", ["-c", "command -v script"], process.env)).status === 0;
}

function assertHarmless(output: string): void {
  assert.ok(!/(?![\t\r\n])\p{Cc}|\p{Bidi_Control}/u.test(output), JSON.stringify(output));
  assert.ok(output.includes(shown), JSON.stringify(output));
}

/** The description with a hostile text wherever a server may put one. */
function hostileDescription(): object {
  const mark = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mark);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        name === "doc" && typeof inner === "string" ? `Doc ${hostile} ${inner}` : mark(inner),
      ]),
    );
  };
  return mark(fakeDescription()) as object;
}

test("on a terminal nothing that a server answers acts on it", async (t) => {
  if (!(await hasScript())) return t.skip("there is no script(1) to make a terminal with");
  await using world = await startClient();
  world.server.answers.set("describe/", json(hostileDescription()));
  await world.login();
  const query = ["prod", "events", "query"];
  for (const answer of [
    { headers: { "Content-Type": "application/json" }, body: `{"description": "${hostile}"}` },
    { headers: { "Content-Type": "application/octet-stream" }, body: hostile },
    textAnswer(400, `Refused: ${hostile}`),
    { status: 302, headers: { Location: encodeURI("/elsewhere") }, body: hostile },
  ]) {
    world.server.answers.set("*", answer);
    assertHarmless(await onTerminal(world, query));
  }
  for (const help of [
    ["prod", "--help"],
    ["prod", "events", "--help"],
    ["prod", "events", "query", "--help"],
  ]) {
    assertHarmless(await onTerminal(world, help));
  }
  world.server.answers.set("describe/", textAnswer(500, hostile));
  assertHarmless(await onTerminal(world, ["login", "other", world.server.url, "a:b:c"]));
  assertHarmless(await onTerminal(world, ["refresh"]));
});

test("in a pipe an answer is what the server sent, byte for byte", async () => {
  await using world = await startClient();
  await world.login();
  for (const body of [hostile, `{"description": "${hostile}"}`]) {
    world.server.answers.set("*", { headers: { "Content-Type": "application/json" }, body });
    const { stdout } = await world.run(["prod", "events", "query"]);
    assert.equal(stdout, body);
  }
});
