import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { type MaasClient, type MaasPage, oauthHeader } from "../../support/clients/maas-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

const serverOf = sharedServers();

/** Somebody with six events, and an administrator who asks for them. */
async function withSixEvents(
  server: TestServer,
): Promise<{ readonly maas: MaasClient; readonly person: Person; readonly ids: readonly number[] }> {
  const { maas } = admin(server);
  const person = await makePerson(server);
  await logIn(server, person, { from: person.from });
  for (let made = 0; made < 4; made += 1) await person.maas.post("account/?op=create_authorisation_token");
  const { events } = await maas.events([
    ["level", "AUDIT"],
    ["owner", person.username],
  ]);
  return { maas, person, ids: events.map(({ id }) => id) };
}

const refusal = async (maas: MaasClient, query: string): Promise<string> => {
  const answer = await maas.get(`events/?op=query&${query}`);
  assert.equal(answer.status, 400, `${query}: ${answer.text}`);
  assert.equal(answer.type, "text/plain; charset=utf-8");
  return answer.text;
};

const page = async (maas: MaasClient, query: string): Promise<MaasPage> => {
  const answer = await maas.get(`events/?${query}`);
  assert.equal(answer.status, 200, `${query}: ${answer.text}`);
  return answer.json<MaasPage>();
};

forEachKind((kind) => {
  test(`33, B1, B2: a page has its keys in order, newest first (${kind})`, async () => {
    const { maas, person, ids } = await withSixEvents(await serverOf(kind));
    const answer = await page(maas, `op=query&level=AUDIT&owner=${person.username}`);
    assert.deepEqual(Object.keys(answer), ["count", "events", "next_uri", "prev_uri"]);
    assert.equal(answer.count, 6);
    assert.equal(answer.events.length, 6);
    for (const event of answer.events) {
      assert.deepEqual(Object.keys(event), [
        "username",
        "node",
        "hostname",
        "id",
        "level",
        "created",
        "type",
        "description",
      ]);
    }
    assert.deepEqual(
      ids,
      ids.toSorted((one, other) => other - one),
    );
  });

  test(`34, 49: a login has no node, the type Authorisation and a time as MAAS writes it (${kind})`, async () => {
    const { maas, person } = await withSixEvents(await serverOf(kind));
    const before = Math.floor(Date.now() / 1000) * 1000 - 60_000;
    const { events } = await page(maas, `op=query&level=AUDIT&owner=${person.username}&limit=5`);
    const login = events.at(-1);
    assert.ok(login !== undefined);
    const { id, created, ...rest } = login;
    assert.deepEqual(rest, {
      username: person.username,
      node: null,
      hostname: "",
      level: "AUDIT",
      type: "Authorisation",
      description: `User '${person.username}' logged in.`,
    });
    assert.ok(Number.isInteger(id));
    assert.match(created, /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2}\. \d{4} \d\d:\d\d:\d\d$/);
    const time = Date.parse(`${created.replace(".", "")} UTC`);
    assert.ok(time >= before && time <= Date.now(), created);
  });

  test(`35, B3: audit events are nobody's but AUDIT's (${kind})`, async () => {
    const { maas } = await withSixEvents(await serverOf(kind));
    for (const level of ["", "&level=DEBUG", "&level=INFO", "&level=WARNING", "&level=ERROR", "&level=CRITICAL"]) {
      assert.equal((await page(maas, `op=query${level}`)).count, 0, level);
    }
    assert.ok((await page(maas, "op=query&level=INFO&level=AUDIT")).count > 0, "the last level counts");
  });

  for (const level of ["audit", "NOPE", "", "AUDIT ", "10", "0"]) {
    test(`36, B3: the level '${level}' is a 400 that names it (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      assert.equal(await refusal(maas, `level=${encodeURIComponent(level)}`), `Unrecognised log level: ${level}`);
    });
  }

  test(`37, B2: limit is 1 to 1000, and 100 unless given (${kind})`, async () => {
    const { maas, ids } = await withSixEvents(await serverOf(kind));
    assert.equal(await refusal(maas, "limit=1001"), "Requested number of events 1001 is greater than limit: 1000");
    await page(maas, "op=query&level=AUDIT&limit=1000");
    for (const [limit, count] of [
      ["0", 1],
      ["-5", 1],
      ["1", 1],
      ["3", 3],
      ["%205%20", 5],
      ["%2B2", 2],
      ["2&limit=4", 4],
    ] as const) {
      assert.equal((await page(maas, `op=query&level=AUDIT&limit=${limit}`)).count, count, limit);
    }
    const all = await page(maas, `op=query&level=AUDIT&limit=&before=${Number(ids[0]) + 1}`);
    assert.ok(all.count >= 6);
  });

  test(`38: numbers that aren't are a 400 that names the parameter (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    for (const name of ["after", "before", "limit"]) {
      for (const value of ["abc", "1.5", "1e3", "0x10", "1 2", "--1"]) {
        assert.equal(
          await refusal(maas, `${name}=${encodeURIComponent(value)}`),
          `Invalid ${name}: Please enter an integer value`,
        );
      }
      assert.equal((await page(maas, `op=query&level=AUDIT&${name}=`)).count > 0, true, name);
    }
  });

  test(`4.1: of several mistakes the first is told: after, before, limit, its maximum, level, both (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const texts = ["after", "before", "limit"].map((name) => `Invalid ${name}: Please enter an integer value`);
    assert.equal(await refusal(maas, "level=x&limit=x&before=x&after=x"), texts[0]);
    assert.equal(await refusal(maas, "level=x&limit=x&before=x&after=1"), texts[1]);
    assert.equal(await refusal(maas, "level=x&limit=x&before=1&after=1"), texts[2]);
    assert.match(await refusal(maas, "level=x&limit=2000&before=1&after=1"), /^Requested number of events 2000/);
    assert.equal(await refusal(maas, "level=x&limit=1&before=1&after=1"), "Unrecognised log level: x");
    assert.match(await refusal(maas, "level=AUDIT&limit=1&before=1&after=1"), /undetermined behaviour/);
  });

  test(`39, B5: before with after is a 400 (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const text = "There is undetermined behaviour when both `after` and `before` are specified.";
    assert.equal(await refusal(maas, "level=AUDIT&before=3&after=1"), text);
  });

  test(`40, B5: after gives the oldest that follow, before the newest that precede, both newest first (${kind})`, async () => {
    const { maas, person, ids } = await withSixEvents(await serverOf(kind));
    const query = `op=query&level=AUDIT&owner=${person.username}&limit=2`;
    const idsOf = async (window: string) => (await page(maas, `${query}&${window}`)).events.map(({ id }) => id);
    assert.deepEqual(await idsOf(`after=${ids[5]}`), [ids[3], ids[4]]);
    assert.deepEqual(await idsOf(`after=${Number(ids[5]) - 1}`), [ids[4], ids[5]]);
    assert.deepEqual(await idsOf(`after=${ids[1]}`), [ids[0]]);
    assert.deepEqual(await idsOf(`before=${ids[0]}`), [ids[1], ids[2]]);
    assert.deepEqual(await idsOf(`before=${ids[4]}`), [ids[5]]);
    assert.deepEqual(await idsOf("after=-7"), [ids[4], ids[5]]);
    assert.deepEqual(await idsOf("before=-7"), []);
    assert.deepEqual(await idsOf("before=0"), []);
    assert.deepEqual(await idsOf(`before=${"9".repeat(15)}`), [ids[0], ids[1]]);
  });

  for (const number of ["9007199254740993", "9223372036854775808", "9".repeat(40), `-${"9".repeat(40)}`]) {
    test(`B5: an id as large as ${number} compares as a number, or is a 400 (${kind})`, async () => {
      const { maas, person } = await withSixEvents(await serverOf(kind));
      const query = `events/?op=query&level=AUDIT&owner=${person.username}`;
      const isNegative = number.startsWith("-");
      for (const name of ["before", "after"]) {
        const answer = await maas.get(`${query}&${name}=${number}`);
        if (answer.status === 400) continue;
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.json<MaasPage>().count, (name === "before") === isNegative ? 0 : 6);
      }
    });
  }

  test(`41, B6: the links of a page go on from its first and its last event (${kind})`, async () => {
    const { maas, person, ids } = await withSixEvents(await serverOf(kind));
    const query = `op=query&level=AUDIT&owner=${person.username}&limit=2`;
    for (const window of ["", `&before=${ids[0]}`, `&after=${ids[5]}`]) {
      const { events, next_uri, prev_uri } = await page(maas, query + window);
      assert.equal(next_uri, `/MAAS/api/2.0/events/?${query}&after=${events[0]?.id}`);
      assert.equal(prev_uri, `/MAAS/api/2.0/events/?${query}&before=${events.at(-1)?.id}`);
    }
  });

  for (const [number, window, next, prev] of [
    [42, "", "", null],
    [43, "&before=10", "&after=9", null],
    [44, "&after=10", "&after=10", "&before=11"],
  ] as const) {
    test(`${number}, B6: the links of an empty page, asked with '${window}' (${kind})`, async () => {
      const { maas } = admin(await serverOf(kind));
      const query = "op=query&level=AUDIT&owner=nobody-at-all";
      const answer = await page(maas, query + window);
      assert.deepEqual(answer, {
        count: 0,
        events: [],
        next_uri: `/MAAS/api/2.0/events/?${query}${next}`,
        prev_uri: prev === null ? null : `/MAAS/api/2.0/events/?${query}${prev}`,
      });
    });
  }

  for (const query of [
    "level=AUDIT&op=query",
    "owner=OWNER&op=query&limit=3&level=AUDIT",
    "op=query&owner=OWNER&owner=admin&owner=somebody+else%3A&level=AUDIT",
    "op=query&level=INFO&level=AUDIT&limit=2&limit=3",
  ]) {
    test(`45, B6: links keep order and repeats of ${query} (${kind})`, async () => {
      const { maas, person } = await withSixEvents(await serverOf(kind));
      const asked = query.replace("OWNER", person.username);
      const { events, next_uri, prev_uri } = await page(maas, asked);
      assert.ok(events.length > 0);
      assert.equal(next_uri, `/MAAS/api/2.0/events/?${asked}&after=${events[0]?.id}`);
      assert.equal(prev_uri, `/MAAS/api/2.0/events/?${asked}&before=${events.at(-1)?.id}`);
    });
  }

  test(`45: a repeated op is in the links once, or they would grow with every page of python-libmaas (${kind})`, async () => {
    const { maas } = await withSixEvents(await serverOf(kind));
    const { events, next_uri } = await page(maas, "op=query&op=query&level=AUDIT");
    assert.equal(next_uri, `/MAAS/api/2.0/events/?op=query&level=AUDIT&after=${events[0]?.id}`);
  });

  test(`45: links drop the window that was asked for, wherever it stood (${kind})`, async () => {
    const { maas, person, ids } = await withSixEvents(await serverOf(kind));
    const { events, next_uri } = await page(maas, `before=${ids[2]}&op=query&owner=${person.username}&level=AUDIT`);
    assert.equal(
      next_uri,
      `/MAAS/api/2.0/events/?op=query&owner=${person.username}&level=AUDIT&after=${events[0]?.id}`,
    );
  });

  test(`46: links drop what isn't known, and keep a blank agent_name (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { next_uri } = await page(maas, "nonsense=1&op=query&agent_name=&format=json&owner=nobody-at-all&Level=x");
    assert.equal(next_uri, "/MAAS/api/2.0/events/?op=query&agent_name=&owner=nobody-at-all");
  });

  test(`B6: following a link gives the page it promises (${kind})`, async () => {
    const { maas, person, ids } = await withSixEvents(await serverOf(kind));
    const first = await page(maas, `op=query&level=AUDIT&owner=${person.username}&limit=4`);
    const follow = async (uri: string | null) => page(maas, (uri ?? "").replace("/MAAS/api/2.0/events/?", ""));
    const older = await follow(first.prev_uri);
    assert.deepEqual(
      older.events.map(({ id }) => id),
      ids.slice(4),
    );
    assert.deepEqual(
      (await follow(older.next_uri)).events.map(({ id }) => id),
      ids.slice(0, 4),
    );
    assert.equal((await follow((await follow(older.prev_uri)).next_uri)).count, 4);
  });

  test(`48, B4: owner is exact; repeated it is any of them (${kind})`, async () => {
    const { maas, person } = await withSixEvents(await serverOf(kind));
    const count = async (query: string) => (await page(maas, `op=query&level=AUDIT&${query}`)).count;
    assert.equal(await count(`owner=${person.username.toUpperCase()}`), 0);
    assert.equal(await count(`owner=${person.username}%20`), 0);
    assert.equal(await count(`owner=${person.username.slice(0, -1)}%25`), 0);
    const other = await withSixEvents(await serverOf(kind));
    assert.equal(await count(`owner=${person.username}&owner=${other.person.username}`), 12);
    assert.equal(await count(`owner=${person.username}&owner=nobody-at-all&owner=${person.username}`), 6);
  });

  test(`B4, A3: owner= selects events of nobody, shown as unknown; owner=unknown selects none (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const nobodys = await page(maas, "op=query&level=AUDIT&owner=");
    assert.ok(nobodys.count > 0);
    assert.deepEqual([...new Set(nobodys.events.map(({ username }) => username))], ["unknown"]);
    assert.equal((await page(maas, "op=query&level=AUDIT&owner=unknown")).count, 0);
  });

  test(`50, A6: events of a deleted user still show the name (${kind})`, async () => {
    const { maas, person } = await withSixEvents(await serverOf(kind));
    const query = `op=query&level=AUDIT&owner=${person.username}`;
    const before = await page(maas, query);
    assert.equal((await maas.delete(`users/${person.username}/`)).status, 204);
    assert.deepEqual(await page(maas, query), before);
  });

  test(`anybody with an account may ask, nobody else (${kind})`, async () => {
    const server = await serverOf(kind);
    assert.equal((await send(server.url, "/MAAS/api/2.0/events/?op=query&level=AUDIT")).status, 401);
    const { apiKey } = await makePerson(server);
    const headers = { authorization: oauthHeader(apiKey) };
    assert.equal((await send(server.url, "/MAAS/api/2.0/events/?op=query", { headers })).status, 200);
  });
});
