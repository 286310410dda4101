import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { hasProgram, run } from "../test/support/processes/command.ts";

test("on a terminal, no diagnostic acts on it, whoever wrote a part of it", async (t) => {
  if (!(await hasProgram("script"))) return t.skip("there is no script(1) to make a terminal with");
  const program = `
    import { createLogger } from "${path.join(import.meta.dirname, "logger.ts")}";
    import { visible } from "${path.join(import.meta.dirname, "terminal/visible.ts")}";
    const hostile = String.fromCharCode(27) + "[2J" + String.fromCharCode(0x202e);
    createLogger("info", visible).error({ err: new Error("failed " + hostile), path: hostile }, "a request failed");
  `;
  const file = Buffer.from(program).toString("base64");
  const command = `'${process.execPath}' --input-type=module -e "$(echo ${file} | base64 -d)"`;
  const { stdout } = await run("script", ["-qec", command, "/dev/null"], { env: { TERM: "xterm" } });
  assert.ok(!stdout.includes("\u001b[2J") && !stdout.includes("\u202e"), JSON.stringify(stdout));
  // A JSON text shows a backslash as two.
  assert.match(stdout, /failed \\u001b\[2J\\u202e/);
  assert.match(stdout, /path.*\\u001b\[2J\\\\u202e/s);
});
