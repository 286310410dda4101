import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

Object.assign(globalThis, { location: { origin: "https://ironlog.example" } });
const { exportCommand, exportCurl } = await import("./export-commands.ts");

/** The words that a shell makes of a command. */
function wordsOf(command: string): readonly string[] {
  return execFileSync("sh", ["-c", `for word in ${command}; do printf '%s\\n' "$word"; done`], {
    encoding: "utf8",
    env: { IRONLOG_KEY: "a:b:c" },
  })
    .split("\n")
    .slice(0, -1);
}

const hostile = 'it\'s; rm -rf $HOME `id` "x" *';

test("a filter is the same words for a shell, whatever stands in it", () => {
  const query = new URLSearchParams([
    ["owner", "bob"],
    ["target", hostile],
    ["ip", "2001:db8::/32"],
  ]);
  assert.deepEqual(wordsOf(exportCommand(query, "export")).slice(-3), [
    "owner=bob",
    `target=${hostile}`,
    "ip=2001:db8::/32",
  ]);
  const words = wordsOf(exportCurl(query, "export"));
  const address = new URL(words.at(-1) ?? "");
  assert.deepEqual(
    [address.origin, address.pathname, address.searchParams.get("target"), address.searchParams.get("format")],
    ["https://ironlog.example", "/api/v1/events/export", hostile, "jsonl"],
  );
  assert.ok(words.includes("Authorization: Bearer a:b:c"));
  const evidence = wordsOf(exportCurl(new URLSearchParams(), "evidence"));
  assert.deepEqual(evidence.slice(-2), ["evidence.tar", "https://ironlog.example/api/v1/events/evidence"]);
});

test("nothing of a filter acts on the terminal that its command is pasted into", () => {
  // The end of a bracketed paste, the end of a line, a deleted line, and text that runs the other way.
  const acting = "x\u001B[201~\n\u0015rm -rf '\\n' \u202E\u{E0041}é";
  const command = exportCommand(new URLSearchParams([["owner", acting]]), "export");
  assert.match(command, /^[\x20-\x7Eé]+$/);
  const [word] = command.match(/\$'.*'$/) ?? [];
  const printed = execFileSync("bash", ["--norc", "-c", `printf %s ${word}`], {
    encoding: "utf8",
    env: { LC_ALL: "C.UTF-8" },
  });
  assert.equal(printed, `owner=${acting}`);
  assert.match(exportCurl(new URLSearchParams([["owner", acting]]), "export"), /^[\x20-\x7E]+$/);
});
