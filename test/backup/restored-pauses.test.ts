import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { bearer } from "../support/clients/native-client.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { openShell } from "../support/processes/command.ts";
import { readyAt, serve, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";
import { succeed, takeKeyAlong, unusedDatabase } from "./filled.ts";

interface Shown {
  readonly is_enabled: boolean;
  readonly paused?: string | null;
}

forEachKind((kind) => {
  for (const takesOver of [false, true]) {
    test(`what delivers and mirrors ${takesOver ? "goes on after a restore that takes over" : "is paused after a restore, until somebody resumes it"}`, async (t) => {
      await using server = await startServer({ kind });
      await using target = await unusedDatabase(kind);
      using folder = freshFolder();
      using shell = openShell();
      const { native } = admin(server);
      // The clock of that machine is ahead.
      const { now } = Date;
      const clock = t.mock.method(Date, "now", () => now() + 3_600_000);
      // Nothing listens there.
      const destination = { name: "siem", transport: "syslog", url: "tcp://127.0.0.1:1" };
      assert.equal((await native.ask("POST", "destinations", destination)).status, 201);
      const database = "postgres://ironlog_mirror@127.0.0.1:1/maasdb";
      assert.equal((await native.ask("POST", "sources", { name: "north", database })).status, 201);
      clock.mock.restore();
      const file = path.join(folder.folder, "copy.gz");
      await succeed(shell, ["backup", file, ...server.databaseArgs]);
      await server.stop();
      takeKeyAlong(server.data, target.data);
      await succeed(shell, ["restore", file, ...target.args, ...(takesOver ? ["--take-over"] : [])]);

      await using process = serve(target.args);
      const root = bearer({ url: await readyAt(process) }, server.firstLogin.apiKey);
      const read = async (what: string) => (await root.ask("GET", what)).json<Shown>();
      if (takesOver) {
        // It begins to fail, since nobody listens: so it was begun.
        await until(async () => (await root.ask("GET", "destinations/siem")).text.includes('"state":"failing"'));
        assert.equal((await read("destinations/siem")).is_enabled, true);
        assert.equal((await read("sources/north")).is_enabled, true);
      } else {
        await until(async () => !(await read("destinations/siem")).is_enabled);
        await until(async () => !(await read("sources/north")).is_enabled);
        assert.equal((await read("destinations/siem")).paused, "it came with a backup that was restored");
        assert.equal((await root.ask("POST", "destinations/siem/resume", {})).status, 200);
        assert.equal((await root.ask("PATCH", "sources/north", { is_enabled: true })).status, 200);
      }
      process.signal("SIGTERM");
      assert.equal((await process.ended).code, 0);
      // What somebody resumed stays so.
      await using again = serve(target.args);
      const later = bearer({ url: await readyAt(again) }, server.firstLogin.apiKey);
      await until(async () => (await later.ask("GET", "destinations/siem")).text.includes('"state":"failing"'));
      assert.equal((await later.ask("GET", "sources/north")).json<Shown>().is_enabled, true);
      again.signal("SIGTERM");
      assert.equal((await again.ended).code, 0);
    });
  }
});
