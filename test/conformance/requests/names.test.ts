import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, freshAddress } from "../../support/clients/http-client.ts";
import { bodyKinds } from "../../support/clients/maas-client.ts";
import { allEvents, logIn, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// D3 and A8: names, passwords, e-mail addresses, text.

const serverOf = sharedServers();
type Root = ReturnType<typeof admin>;

interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

const newUser = (given: Partial<NewUser> = {}): NewUser => {
  const username = given.username ?? freshName();
  return { username, email: `${freshName("mail")}@example.com`, password: "password 1", ...given };
};

const byMaas = (root: Root, user: NewUser): Promise<Answer> =>
  root.maas.post("users/", [...Object.entries(user), ["is_superuser", "0"]]);

const byNative = (root: Root, user: NewUser): Promise<Answer> => root.native.ask("POST", "users", user);

const apis: Record<string, (root: Root, user: NewUser) => Promise<Answer>> = {
  maas: byMaas,
  native: byNative,
};

forEachKind((kind) => {
  for (const [api, create] of Object.entries(apis)) {
    const good = api === "maas" ? 200 : 201;

    test(`D3: good usernames in the ${api} API (${kind})`, async () => {
      const root = admin(await serverOf(kind));
      const unique = freshName(api);
      for (const username of [
        `${unique}@.+-_`,
        unique.toUpperCase(),
        unique,
        `${unique}${"x".repeat(150 - unique.length)}`,
        `Unknown-${unique}`,
      ]) {
        const answer = await create(root, newUser({ username }));
        assert.equal(answer.status, good, `${username}: ${answer.text}`);
        assert.equal(answer.json<{ username: string }>().username, username);
        const read = await root.maas.get(`users/${encodeURIComponent(username)}/`);
        assert.equal(read.json<{ username: string }>().username, username);
      }
    });

    for (const username of [
      "",
      "x".repeat(151),
      "a b",
      "a/b",
      "a'b",
      "a\n",
      "a\tb",
      "a%b",
      "é,",
      "unknown",
      "MAAS",
      "maas-init-node",
    ]) {
      test(`D3, A3: the username ${JSON.stringify(username)} is refused in the ${api} API (${kind})`, async () => {
        const root = admin(await serverOf(kind));
        const answer = await create(root, newUser({ username }));
        assert.equal(answer.status, 400, answer.text);
        assert.ok(answer.text.includes("username"), answer.text);
      });
    }

    test(`D3: a taken username is a 409 in the ${api} API, whatever else is asked (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await makePerson(server);
      const answer = await create(admin(server), newUser({ username: person.username }));
      assert.equal(answer.status, 409, answer.text);
      await logIn(server, person, { from: person.from });
    });

    test(`D3: passwords have 8 to 1,024 characters in the ${api} API (${kind})`, async () => {
      const server = await serverOf(kind);
      const root = admin(server);
      for (const password of ["x".repeat(7), "", "😀".repeat(4), "x".repeat(1025)]) {
        const answer = await create(root, newUser({ password }));
        assert.equal(answer.status, 400, `${password.slice(0, 10)}: ${answer.text}`);
        assert.ok(answer.text.includes("password"), answer.text);
      }
      for (const password of [
        "x".repeat(8),
        "x".repeat(1024),
        "😀".repeat(8),
        "😀".repeat(1024),
        " leading and trailing ",
      ]) {
        const user = newUser({ password });
        assert.equal((await create(root, user)).status, good, password.slice(0, 10));
        await logIn(server, user, { from: freshAddress() });
        assert.notEqual(
          (await tryLogIn(server, { ...user, password: password.slice(0, -1) }, { from: freshAddress() })).status,
          204,
        );
      }
    });

    test(`D3: an e-mail address is one user's in the ${api} API (${kind})`, async () => {
      const server = await serverOf(kind);
      const root = admin(server);
      const [person, other] = [await makePerson(server), await makePerson(server)];
      const created = await create(root, newUser({ email: person.email }));
      assert.ok(created.status === 400 || created.status === 409, created.text);
      const change =
        api === "maas"
          ? await root.maas.put(`users/${other.username}/`, [["email", person.email]])
          : await other.native.ask("PATCH", "account", { email: person.email });
      assert.ok(change.status === 400 || change.status === 409, change.text);
      assert.ok(change.text.includes("mail"), change.text);
      const same = await person.native.ask("PATCH", "account", { email: person.email });
      assert.equal(same.status, 200);
    });
  }

  test(`D3: usernames differ by case (${kind})`, async () => {
    const server = await serverOf(kind);
    const username = freshName("Case");
    const upper = await makePerson(server, { username });
    const lower = newUser({ username: username.toLowerCase() });
    assert.equal((await byNative(admin(server), lower)).status, 201);
    assert.equal(
      (await tryLogIn(server, { ...lower, password: upper.password }, { from: freshAddress() })).status,
      400,
    );
    await logIn(server, upper);
    const events = await allEvents(admin(server).native, { owner: lower.username, action: "auth.login" });
    assert.deepEqual(events, []);
  });

  test(`D3: of two who take a name or an address at the same moment one gets it (${kind})`, async () => {
    const root = admin(await serverOf(kind));
    const [username, email] = [freshName(), `${freshName()}@example.com`];
    const names = await Promise.all([1, 2, 3].map(() => byNative(root, newUser({ username }))));
    assert.deepEqual(
      names.map(({ status }) => status).sort((one, other) => one - other),
      [201, 409, 409],
    );
    const addresses = await Promise.all([1, 2, 3].map(() => byNative(root, newUser({ email }))));
    assert.equal(addresses.filter((answer) => answer.status === 201).length, 1);
  });

  test(`D3: others' e-mail is hidden from users, not from administrators (${kind})`, async () => {
    const server = await serverOf(kind);
    const [person, other] = [await makePerson(server), await makePerson(server, { lastName: "Other" })];
    interface Shown {
      readonly username: string;
      readonly email: string;
    }
    const byWays = async (client: { maas: Root["maas"]; native: Root["native"] }) => {
      const list = (await client.maas.get("users/")).json<Shown[]>();
      const items = (await client.native.ask("GET", "users")).json<{ items: Shown[] }>().items;
      const one = (await client.maas.get(`users/${other.username}/`)).json<Shown>();
      const native = (await client.native.ask("GET", `users/${other.username}`)).json<Shown>();
      return [
        list.find(({ username }) => username === other.username),
        items.find(({ username }) => username === other.username),
        one,
        native,
      ].map((shown) => shown?.email);
    };
    assert.deepEqual(await byWays(person), ["", "", "", ""]);
    assert.deepEqual(
      await byWays(other),
      Array.from({ length: 4 }, () => other.email),
    );
    assert.deepEqual(
      await byWays(admin(server)),
      Array.from({ length: 4 }, () => other.email),
    );
  });

  test(`55: POST users/ without one of its parameters names it (${kind})`, async () => {
    const root = admin(await serverOf(kind));
    const whole = [...Object.entries(newUser()), ["is_superuser", "0"]] as [string, string][];
    for (const [name] of whole) {
      const answer = await root.maas.post(
        "users/",
        whole.filter(([other]) => other !== name),
      );
      assert.equal(answer.status, 400);
      assert.equal(answer.text, `No provided ${name}!`);
    }
  });

  for (const value of ["true", "2", "", "yes", "01"]) {
    test(`2.3: is_superuser=${value} is a 400 on creation: it is exactly 0 or 1 (${kind})`, async () => {
      const root = admin(await serverOf(kind));
      const answer = await root.maas.post("users/", [...Object.entries(newUser()), ["is_superuser", value]]);
      assert.equal(answer.status, 400, answer.text);
    });
  }

  test(`56: an administrator can't delete themselves; deleting nobody is a 204 without event (${kind})`, async () => {
    const root = admin(await serverOf(kind));
    const self = await root.maas.delete("users/admin/");
    assert.equal(self.status, 400);
    assert.equal(self.text, "An administrator cannot self-delete.");
    assert.ok((await root.native.ask("DELETE", "users/admin")).status >= 400);
    const before = (await allEvents(root.native, { action: "user.delete" })).length;
    assert.equal((await root.maas.delete("users/nosuch/")).status, 204);
    assert.equal((await allEvents(root.native, { action: "user.delete" })).length, before);
  });

  for (const [what, text] of [
    ["NUL", "a\u0000b"],
    ["half a surrogate pair", "a\ud800b"],
  ] as const) {
    test(`A8: text with ${what} is a 400 at every edge (${kind})`, async () => {
      const { maas, native } = await anyone(await serverOf(kind));
      const answers = {
        profile: await native.ask("PATCH", "account", { last_name: text }),
        token: await native.ask("POST", "account/tokens", { name: text }),
        ...(what === "NUL"
          ? {
              query: await maas.get("events/", [
                ["op", "query"],
                ["level", "AUDIT"],
                ["owner", text],
              ]),
              "native query": await native.ask("GET", `events?owner=${encodeURIComponent(text)}`),
              path: await maas.get(`users/${encodeURIComponent(text)}/`),
            }
          : {}),
      };
      for (const [edge, { status, text: said }] of Object.entries(answers)) {
        assert.ok(status === 400 || (edge === "path" && status === 404), `${edge}: ${status} ${said}`);
      }
      for (const bodyKind of bodyKinds.filter((each) => what === "NUL" || each === "json")) {
        const answer = await maas.post("account/?op=create_authorisation_token", [["name", text]], { bodyKind });
        assert.equal(answer.status, 400, `${bodyKind}: ${answer.text}`);
      }
    });
  }

  test(`A8: bytes that aren't UTF-8 are a 400 (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const path = "account/?op=create_authorisation_token";
    const urlencoded = { "content-type": "application/x-www-form-urlencoded" };
    const multipart = { "content-type": "multipart/form-data; boundary=b" };
    const part = (bytes: Buffer) =>
      Buffer.concat([
        Buffer.from('--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n'),
        bytes,
        Buffer.from("\r\n--b--\r\n"),
      ]);
    for (const [body, headers] of [
      ["name=a%ffb", urlencoded],
      [Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3d, 0xff]), urlencoded],
      [part(Buffer.from([0xff, 0xfe])), multipart],
      [Buffer.from('{"name":"\xff"}', "latin1"), { "content-type": "application/json" }],
    ] as const) {
      const answer = await maas.ask(path, { method: "POST", body, headers });
      assert.equal(answer.status, 400, `${JSON.stringify(headers)}: ${answer.text}`);
    }
    assert.equal((await maas.get("events/?op=query&owner=%ff")).status, 400);
  });

  test(`A8: a user agent that isn't text is made so (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    for (const agent of ["caf\xe9 \xff\xfe", "\xc3\x28", "x".repeat(4000)]) {
      await logIn(server, person, { from: person.from, headers: { "user-agent": agent } });
      const [event] = await allEvents(admin(server).native, { owner: person.username, action: "auth.login" });
      const recorded = event?.user_agent ?? "";
      assert.ok(recorded !== "" && recorded.isWellFormed() && !recorded.includes("\0"), recorded);
    }
  });
});
