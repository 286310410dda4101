import assert from "node:assert/strict";
import { test } from "node:test";
import { renderBody, renderHead } from "./answer.ts";
import type { ServerAnswer } from "./server.ts";
import { textAnswer } from "../../../test/support/cli/fake-server.ts";
import { apiKey, environmentOf, startClient, runProgram } from "../../../test/support/cli/client-setting.ts";
import { mainFile } from "../../../test/support/processes/program.ts";

function answer(status: number, type: string | undefined, body: string): ServerAnswer {
  const headers = type === undefined ? [] : [["Content-Type", type] as const];
  return { status, reason: "Reason", headers, body: Buffer.from(body) };
}

function shown(...parts: Parameters<typeof answer>): string {
  return Buffer.from(renderBody(answer(...parts), "person")).toString();
}

const heading = "Success.\nMachine-readable output follows:\n";

test("a person sees a heading before the text of a success, and a line's end after it", () => {
  assert.equal(shown(200, "application/json; charset=utf-8", "{}"), `${heading}{}\n`);
  assert.equal(shown(200, "text/plain", "OK"), `${heading}OK\n`);
  assert.equal(shown(204, "text/plain", ""), `${heading}\n`);
});

test("a person sees the words of a failure, or its number where it has none", () => {
  assert.equal(shown(400, "text/plain; charset=utf-8", "No."), "No.\n");
  assert.equal(shown(302, "text/html", ""), "Request failed with code 302: Reason\n");
});

test("bytes that are no text are shown to nobody otherwise than they are", () => {
  assert.equal(shown(200, "application/binary", "\u0000"), "\u0000");
  assert.equal(shown(200, undefined, "?"), "?");
});

test("a program gets exactly the body, whatever the status", () => {
  for (const status of [200, 204, 302, 400, 500]) {
    assert.deepEqual(renderBody(answer(status, "application/json", "{}"), "program"), Buffer.from("{}"));
    assert.deepEqual(renderBody(answer(status, "application/json", ""), "program"), Buffer.from(""));
  }
});

test("the head lists headers by name, aligned at their colons", () => {
  const headers = [
    ["x-b", "1"],
    ["CONTENT-type", "text/plain"],
    ["x-b", "2"],
  ] as const;
  const head = renderHead({ status: 404, reason: "Not Found", headers, body: Buffer.from("") });
  assert.equal(head, "404 Not Found\n\nContent-Type: text/plain\n         X-B: 1\n         X-B: 2\n\n");
});

const script = await runProgram("script", ["--version"], { ...process.env }).catch(() => undefined);
const skip = script?.status === 0 ? false : "there is no `script` (util-linux) here to make a terminal";

test("on a real terminal a success has its heading, a failure only its words", { skip }, async () => {
  await using world = await startClient();
  await world.login();
  const command = `${process.execPath} ${mainFile} prod events query`;
  const inTerminal = () => runProgram("script", ["-qec", command, "/dev/null"], environmentOf(world.folder));
  const success = await inTerminal();
  assert.equal(success.status, 0);
  assert.match(success.stdout, /^Success\.\r\nMachine-readable output follows:\r\n\{\r\n.*\}\r\n$/s);
  world.server.answers.set("*", textAnswer(400, "No such level."));
  const failure = await inTerminal();
  assert.equal(failure.status, 2);
  assert.equal(failure.stdout, "No such level.\r\n");
});

test("on a real terminal a key is asked for and never shown", { skip }, async () => {
  await using world = await startClient();
  const command = `${process.execPath} ${mainFile} login prod ${world.server.url}`;
  const typed = `wrong\u0015x\u007f${apiKey}\r`;
  const { status, stdout } = await runProgram(
    "script",
    ["-qec", command, "/dev/null"],
    environmentOf(world.folder),
    typed,
  );
  assert.equal(status, 0, stdout);
  assert.match(stdout, /API key \(leave it empty to log in without one\): /);
  assert.match((await world.run(["list"])).stdout, new RegExp(`^prod \\S+ ${apiKey}\n$`));
});
