import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../../support/databases/databases.ts";
import { send } from "../../support/clients/http-client.ts";
import { freePort } from "../../support/ports.ts";
import { ironlogWords, startProcess } from "../../support/processes/program.ts";
import { readFirstLogin } from "../../support/server.ts";

// What a server has to say is no reason to end.

for (const [what, redirection] of [
  ["a full disk for standard output", "> /dev/full"],
  ["a standard output that nobody reads", "| true"],
  ["a full disk for standard error", "2> /dev/full"],
  ["a full disk for both", "> /dev/full 2>&1"],
  ["a closed standard output", ">&-"],
] as const) {
  const skip = existsSync("/dev/full") ? false : "this system has no /dev/full";
  test(`with ${what} the server starts, serves and stops as always`, { skip }, async () => {
    using folder = freshFolder();
    const port = await freePort();
    const inner = `echo $$ > "$0/pid"; exec "$@" serve --port ${port} --data "$0" --log-level debug`;
    const args = ["-c", `/bin/sh -c '${inner}' "$0" "$@" ${redirection}`, folder.folder, ...ironlogWords];
    await using shell = startProcess({ command: "/bin/sh", args });
    const url = `http://127.0.0.1:${port}`;
    const pidFile = path.join(folder.folder, "pid");
    try {
      // It is asked again until the first login counts, which comes after the first answers.
      const started = async (): Promise<string> => {
        const headers = { authorization: `Bearer ${readFirstLogin(folder.folder).apiKey}` };
        const answer = await send(url, "/api/v1/events?action=server.start", { headers }).catch(() => undefined);
        return answer?.status === 200 ? answer.text : "";
      };
      let text = "";
      for (; text === ""; text = await started()) assert.ok(!shell.hasEnded, shell.stderr);
      assert.match(text, /"action":"server\.start"/);
      process.kill(Number(readFileSync(pidFile, "utf8")), "SIGTERM");
      await shell.ended;
    } finally {
      if (!shell.hasEnded) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    }
  });
}
