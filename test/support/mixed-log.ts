import assert from "node:assert/strict";
import { takeGuardsOff } from "./databases/guards.ts";
import { freshAddress } from "./clients/http-client.ts";
import { allEvents, logIn, type NativeEvent, tryLogIn } from "./clients/native-client.ts";
import { admin, makePerson, type Person, resetPassword } from "./worlds/people.ts";
import type { TestServer } from "./server.ts";

/** A log of many events by several people, of all levels, and those who ask about it. */
export interface MixedLog {
  readonly server: TestServer;
  readonly people: readonly Person[];
  /** Somebody who was deleted, and whose name another person bears now. */
  readonly reborn: Person;
  /** All events, newest first, as the administrator sees them. */
  readonly events: readonly NativeEvent[];
  readonly userIds: ReadonlyMap<string, number>;
}

/**
 * Has people do things of every kind. Since nothing but people's acts is recorded yet, the levels of some events are
 * changed behind Ironlog's back, with the server stopped and the database's guards taken off.
 */
export async function mixLog(server: TestServer): Promise<MixedLog> {
  const root = admin(server);
  const made = [
    await makePerson(server),
    await makePerson(server),
    await makePerson(server, { isAdministrator: true }),
  ];
  const old = await makePerson(server);
  await old.native.ask("POST", "account/tokens", { name: "of the old one" });
  await root.native.ask("DELETE", `users/${old.username}`);
  const people: Person[] = [];
  for (const person of made) people.push(await actOften(server, person, people.length));
  const reborn = await actOften(server, await makePerson(server, { username: old.username }), people.length);
  await server.stop();
  await changeLevels(server);
  await server.start();
  const events = await allEvents(root.native);
  assert.ok(events.length > 80, String(events.length));
  const created = events.filter(({ action }) => action === "user.create").toReversed();
  return {
    server,
    people,
    reborn,
    events,
    userIds: new Map(created.map(({ target_name, target_id }) => [target_name ?? "", Number(target_id)])),
  };
}

/** Acts as somebody, the more often the larger `at` is, until an administrator sets their password. */
async function actOften(server: TestServer, person: Person, at: number): Promise<Person> {
  const session = await logIn(server, person, { from: person.from });
  await tryLogIn(server, { ...person, password: "a wrong password" }, { from: freshAddress() });
  for (let round = 0; round < 6 + at; round += 1) {
    await session.ask("POST", "account/tokens", { name: `token ${round}` });
    await person.native.ask("PATCH", "account", { last_name: `name ${round}` });
    if (round % 3 === at % 3) await person.native.ask("DELETE", "users/nosuch");
  }
  const after = await resetPassword(server, person, "a new password");
  await tryLogIn(server, { username: "nobody", password: "a wrong password" }, { from: freshAddress() });
  return after;
}

export const levels = { AUDIT: 0, DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;

async function changeLevels(server: TestServer): Promise<void> {
  const guardAgain = await takeGuardsOff(server, "event");
  await server.meddle("update event set level = 10 * (id % 6) where id % 5 = 0");
  await guardAgain();
}

/** Who may see an event (B7): administrators all; others audit events of their own id. */
export function isVisible(event: NativeEvent, to: { readonly isAdmin: boolean; readonly userId: number }): boolean {
  return to.isAdmin || (event.level === "AUDIT" && event.user_id === to.userId);
}
