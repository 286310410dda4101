import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { takeGuardsOff, vouchForRows } from "../../support/databases/guards.ts";
import { send } from "../../support/clients/http-client.ts";
import { allEvents, logIn, type SessionClient } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { startServer } from "../../support/server.ts";

// D2: expired sessions are simply no longer valid: after 12 hours unused, or 14 days.

const hourMicroseconds = 3_600_000_000;

forEachKind((kind) => {
  test(`D2: a session expires unused after 12 hours, used after 14 days, without event (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const sessions = { fresh: 0, recent: 11, unused: 13, used: 13, "old but used": 13 * 24, "too old": 15 * 24 };
    const clients = new Map<string, SessionClient>();
    for (const name of Object.keys(sessions)) {
      clients.set(name, await logIn(server, person, { headers: { "user-agent": name } }));
    }
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "session");
    for (const [name, hours] of Object.entries(sessions)) {
      await server.meddle(
        `update session set created = created - ${hours * hourMicroseconds} where user_agent = '${name}'`,
      );
      await server.meddle(
        `delete from session_use where session_id = (select id from session where user_agent = '${name}')`,
      );
    }
    for (const name of ["used", "old but used", "too old"]) {
      const now = Date.now() * 1000;
      await server.meddle(
        `insert into session_use (session_id, last_used) select id, ${now} from session where user_agent = '${name}'`,
      );
    }
    await guardAgain();
    await vouchForRows(server);
    await server.start();
    const before = (await allEvents(admin(server).native)).length;
    const good: string[] = [];
    for (const [name, { cookies }] of clients) {
      const native = await send(server.url, "/api/v1/session", { headers: { cookie: cookies } });
      const maas = await send(server.url, "/MAAS/api/2.0/users/?op=whoami", { headers: { cookie: cookies } });
      assert.equal(native.status, maas.status, name);
      if (native.status === 200) good.push(name);
    }
    assert.deepEqual(good, ["fresh", "recent", "used", "old but used"]);
    const listed = await admin(server).native.ask("GET", `users/${person.username}/sessions`);
    const agents = listed
      .json<{ items: readonly { user_agent: string }[] }>()
      .items.map(({ user_agent }) => user_agent);
    assert.deepEqual(new Set(agents), new Set(good));
    assert.equal((await allEvents(admin(server).native)).length, before);
    const { password } = person;
    const change = { old_password: password, new_password: "a new password" };
    assert.equal((await person.native.ask("PUT", "account/password", change)).status, 204);
    const [event] = await allEvents(admin(server).native, { action: "user.password.change" });
    assert.deepEqual(event?.details, { sessions_ended: good.length }, "only good ones are ended");
  });
});
