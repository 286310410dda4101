import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, loginFailed, told } from "./example.ts";
import { byCookieAlone, byKey, bySession, nobody, type World } from "../../support/worlds/server-world.ts";

/** A login in an API, wrong and right. */
function login(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const [person, inactive] = [await world.person(), await world.person()];
    await world.prepare("PATCH", `users/${inactive.username}`, { is_active: false });
    const { username, password } = person;
    const by = nobody();
    const wrong = api === "maas" ? 400 : 401;
    const guess = world.secret("guess");
    const session = await world.session(person);
    const loggedIn = { ...told("auth.login", `User '${username}' logged in.`, ["user", username]), username };
    const again: Attempt = {
      what: "while logged in",
      by: bySession(person, session),
      values: { username, password },
      status: api === "maas" ? 204 : 200,
      // A1: MAAS's form answers without a second login; the native API makes one more session.
      records: api === "maas" ? [] : [loggedIn],
    };
    return [
      { what: "no password", by, values: { username, password: "" }, status: 400 },
      {
        what: "a wrong password",
        by,
        values: { username, password: guess },
        status: wrong,
        records: [loginFailed(username)],
      },
      {
        what: "a password typed as the name",
        by,
        values: { username: world.secret("typed"), password: guess },
        status: wrong,
        records: [loginFailed(null)],
      },
      {
        what: "an account that was deactivated",
        by,
        values: { username: inactive.username, password: inactive.password },
        status: wrong,
        records: [loginFailed(inactive.username)],
      },
      {
        what: "right",
        by,
        values: { username, password },
        status: api === "maas" ? 204 : 200,
        records: [loggedIn],
      },
      again,
    ];
  };
}

function logout(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const person = await world.person();
    const session = await world.session(person);
    const by = bySession(person, session);
    const ended = api === "maas" ? 302 : 401;
    return [
      { what: "nobody", by: nobody(), status: ended },
      { what: "an API key", by: byKey(person), status: 400 },
      { what: "a page elsewhere", by: byCookieAlone(person, session), status: 403 },
      {
        what: "a session",
        by,
        status: 204,
        // A logout names nobody but who did it.
        records: [told("auth.logout", `User '${person.username}' logged out.`, null)],
      },
      { what: "a session that has ended", by, status: ended },
    ];
  };
}

async function authenticate(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const { username, password } = person;
  const by = nobody();
  const guess = world.secret("guess");
  return [
    { what: "no name", by, values: { password }, status: 403 },
    {
      what: "a wrong password",
      by,
      values: { username, password: guess },
      status: 403,
      records: [loginFailed(username)],
    },
    {
      what: "a password typed as the name",
      by,
      values: { username: world.secret("typed"), password: guess },
      status: 403,
      records: [loginFailed(null)],
    },
    {
      what: "right",
      by,
      values: { username, password, consumer: "me@laptop" },
      status: 200,
      records: [told("token.create", "Created token.", ["token", "me@laptop"], { username })],
    },
  ];
}

const ended = (number: number, username: string) =>
  told("session.end", `Ended ${number} sessions of '${username}'.`, ["user", username]);

async function endOwn(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const session = await world.session(person);
  await world.session(person);
  const by = bySession(person, session);
  const others = { except: "current" };
  return [
    { what: "a page elsewhere", by: byCookieAlone(person, session), status: 403 },
    { what: "all but this one", by, values: others, status: 204, records: [ended(1, person.username)] },
    { what: "all", by, status: 204, records: [ended(1, person.username)] },
    { what: "a session that has ended", by, status: 401 },
  ];
}

async function endOne(world: World): Promise<readonly Attempt[]> {
  const [person, other] = [await world.person(), await world.person()];
  const [session, foreign] = [await world.session(person), await world.session(other)];
  const by = bySession(person, session);
  const id = async (client: typeof session) => {
    const { items } = (await client.ask("GET", "sessions")).json<{
      readonly items: readonly { readonly id: number }[];
    }>();
    return String(items[0]?.id);
  };
  const own = await id(session);
  return [
    { what: "none", by, path: { id: "999999999" }, status: 404 },
    { what: "no number", by, path: { id: "x" }, status: 404 },
    { what: "somebody else's", by, path: { id: await id(foreign) }, status: 404 },
    { what: "one's own", by, path: { id: own }, status: 204, records: [ended(1, person.username)] },
    { what: "the same again", by: byKey(person), path: { id: own }, status: 404 },
  ];
}

async function endSomebodys(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  await world.session(person);
  const path = { username: person.username };
  return [
    { what: "nobody", path: { username: freshName("nobody") }, status: 404 },
    { what: "somebody", path, status: 204, records: [ended(1, person.username)] },
    { what: "somebody who has none", path, status: 204, records: [ended(0, person.username)] },
  ];
}

async function endSomebodysOne(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const session = await world.session(person);
  const { items } = (await session.ask("GET", "sessions")).json<{
    readonly items: readonly { readonly id: number }[];
  }>();
  const path = { username: person.username, id: String(items[0]?.id) };
  return [
    { what: "nobody's", path: { ...path, username: freshName("nobody") }, status: 404 },
    { what: "none", path: { ...path, id: "999999999" }, status: 404 },
    { what: "no number", path: { ...path, id: "x" }, status: 404 },
    { what: "one", path, status: 204, records: [ended(1, person.username)] },
    { what: "the same again", path, status: 404 },
  ];
}

/** Logins, logouts, and the end of sessions. */
export const sessionExamples: OperationExamples = {
  "POST /MAAS/accounts/login/": login("maas"),
  "POST /api/v1/session": login("native"),
  "POST /MAAS/accounts/logout/": logout("maas"),
  "DELETE /api/v1/session": logout("native"),
  "POST /MAAS/accounts/authenticate/": authenticate,
  "DELETE /api/v1/sessions": endOwn,
  "DELETE /api/v1/sessions/{id}": endOne,
  "DELETE /api/v1/users/{username}/sessions": endSomebodys,
  "DELETE /api/v1/users/{username}/sessions/{id}": endSomebodysOne,
};
