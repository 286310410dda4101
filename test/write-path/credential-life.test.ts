import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Actor } from "../../src/audit/actor.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { succeed, takeKeyAlong, unusedDatabase } from "../backup/filled.ts";
import { freshFolder, type Kind, kinds } from "../support/databases/databases.ts";
import { forgeEvents } from "../support/forged-events.ts";
import { startInProcess } from "../support/local-server.ts";
import { openShell } from "../support/processes/command.ts";
import { cleanEnvironment } from "../support/processes/program.ts";
import { startServer } from "../support/server.ts";
import { CredentialLife, type HeldCredential, type LifeAct, lifeActs } from "../support/worlds/credential-life.ts";
import { actorFor } from "../support/worlds/database-world.ts";

const anyAct = fc.record({
  act: fc.constantFrom(...(Object.keys(lifeActs) as LifeAct[])),
  member: fc.nat({ max: 2 }),
  choice: fc.nat(),
});
const anyLife = fc.array(anyAct, { minLength: 40, maxLength: 60 });

/** The ways from one place to the next. */
const moves = [
  { leave: ["log", "export"], arrive: ["log", "import"] },
  { leave: ["backup"], arrive: ["restore"] },
] as const;

for (const kind of kinds) {
  const other: Kind = kind === "sqlite" ? "postgres" : "sqlite";
  test(`for any life of sessions and API keys, moved and restored, a verification knows which exist (${kind})`, async () => {
    const property = fc.asyncProperty(anyLife, anyLife, anyLife, async (first, ...later) => {
      using shell = openShell();
      using folder = freshFolder();
      await using server = await startServer({ kind });
      await using second = await unusedDatabase(other);
      await using third = await unusedDatabase(kind);
      const life = new CredentialLife(server.url, server.firstLogin.apiKey);
      const live = async (acts: typeof first): Promise<void> => {
        for (const { act, member, choice } of acts) await life.carryOut(act, member, choice);
      };
      await live(first);
      await server.stop();
      let from = { data: server.data, args: server.databaseArgs };
      for (const [at, target] of [second, third].entries()) {
        const file = path.join(folder.folder, `copy-${at}.gz`);
        const move = moves[at];
        assert.ok(move !== undefined);
        await succeed(shell, [...move.leave, file, ...from.args]);
        takeKeyAlong(from.data, target.data);
        await succeed(shell, [...move.arrive, file, ...target.args]);
        await using app = await startInProcess([...target.args, "--port", "0"], cleanEnvironment());
        life.moveTo(app.url);
        await live(later[at] ?? []);
        await app.stop();
        from = target;
      }
      await forge(third.location, life.existing);
      await succeed(shell, ["log", "verify", ...third.args]);
      const forged = await forge(third.location, life.ended);
      const { code, stdout } = await shell.ironlog(["log", "verify", ...third.args]);
      assert.equal(code, life.ended.length === 0 ? 0 : 1, stdout);
      const found = [...stdout.matchAll(/^ {2}event (\d+): it names the .* (\S+), which no event had made/gm)];
      assert.deepEqual(
        found.map(([, id, name]) => [Number(id), name]),
        life.ended.map(({ name }, at) => [forged + at, name]),
      );
    });
    await fc.assert(property, { numRuns: 1, endOnFailure: true });
  });
}

/** Appends an event by each of them with the append key, and gives the id of the first. */
async function forge(location: DatabaseLocation, credentials: readonly HeldCredential[]): Promise<number> {
  const draft = draftEvent("operation.refuse", { operation: "users list" }, { outcome: "failure" });
  const entries = credentials.map(({ kind, name: fingerprint }) => {
    const base = actorFor({ id: 1, username: "admin", isSuperuser: true });
    const credential = kind === "session" ? { kind, id: 1, fingerprint } : { kind, tokenKey: "", fingerprint };
    const actor: Actor = { ...base, credential };
    return { draft, actor };
  });
  return entries.length === 0 ? 0 : forgeEvents(location, entries);
}
