import { curl } from "../clients/curl.ts";
import { canonicalCli } from "../clients/canonical-cli.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { oauthHeader } from "../../../support/clients/maas-client.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import { makeTestScript, scriptText } from "./scripts.ts";
import type { Statement } from "../statement.ts";
import type { WireAnswer } from "./wire.ts";
import { formPost, type KeyHolder, type World } from "../world.ts";

const plain = "text/plain; charset=utf-8";
const newToken = "create_authorisation_token";

/** Statements 15 to 28: how requests find their operation, what bodies may be, what answers look like. */
export const dispatch: readonly Statement[] = [
  {
    number: 15,
    sentence: "`GET events/` → 400 `Unrecognised signature: method=GET op=None`.",
    async check({ ann }) {
      const wanted = { status: 400, type: plain, text: "Unrecognised signature: method=GET op=None" };
      expectAnswer(await ann.read("events/"), wanted);
      expectAnswer(await ann.query("events/", ""), wanted);
    },
  },
  {
    number: 16,
    sentence: "`POST events/?op=query` → 405 with `Allow: GET`.",
    async check({ ann }) {
      const answer = expectAnswer(await ann.perform("events/", "query"), { status: 405, text: "" });
      expectSame(`${answer.asked}: Allow`, answer.header("allow"), "GET");
    },
  },
  {
    number: 17,
    sentence: "`GET nosuch/` → 404 `Unknown API endpoint: /MAAS/api/2.0/nosuch/.`",
    async check({ ann, nobody }) {
      const wanted = { status: 404, type: plain, text: "Unknown API endpoint: /MAAS/api/2.0/nosuch/." };
      expectAnswer(await ann.read("nosuch/"), wanted);
      expectAnswer(await nobody.read("nosuch/"), wanted);
    },
  },
  {
    number: 18,
    sentence: "`GET events?op=query` (no slash) → 404.",
    async check({ ann }) {
      const text = "Unknown API endpoint: /MAAS/api/2.0/events.";
      expectAnswer(await ann.query("events", "query"), { status: 404, type: plain, text });
    },
  },
  {
    number: 19,
    sentence: "`POST account/?op=create_authorisation_token` with no body and no Content-Type → 200.",
    async check({ ann }) {
      expectToken(await ann.by(canonicalCli).perform("account/", newToken), defaultName);
      expectToken(await ann.by(curl).perform("account/", newToken), defaultName);
    },
  },
  {
    number: 20,
    sentence: "the same with base64 multipart `name=x` → a token named `x`.",
    async check({ ann }) {
      for (const client of [canonicalCli, libmaas]) {
        for (const name of ["x", longName]) {
          expectToken(await ann.by(client).perform("account/", newToken, { name }), name);
        }
      }
    },
  },
  {
    number: 21,
    sentence: "the same urlencoded, and as a JSON object → the same result.",
    async check(world) {
      for (const client of [gomaasapi, curl]) {
        for (const name of ["x", longName]) {
          expectToken(await world.ann.by(client).perform("account/", newToken, { name }), name);
        }
      }
      for (const name of ["x", longName]) {
        const answer = await postJson(world, `account/?op=${newToken}`, { name });
        expectToken(answer, name);
      }
    },
  },
  {
    number: 22,
    sentence: "multipart with zero parts → treated as no parameters.",
    async check({ ann, root, name }) {
      expectToken(await ann.by(libmaas).perform("account/", newToken), defaultName);
      const refused = await root.by(libmaas).create("users/");
      expectAnswer(refused, { status: 400, type: plain, text: "No provided username!" });
      expectAnswer(await root.by(libmaas).remove(`users/${name("nobody")}/`), { status: 204 });
    },
  },
  {
    number: 23,
    sentence: "`POST users/?op=` (empty op) → user creation.",
    async check({ root, name, later }) {
      const username = name("empty-op");
      const wanted = { username, email: `${username}@example.com`, password: "long enough", is_superuser: "0" };
      const request = await root.by(gomaasapi).create("users/", wanted);
      later(`the user ${username}`, () => root.remove(`users/${username}/`));
      const { username: made } = expectAnswer(request, { status: 200 }).json<{ readonly username: string }>();
      expectSame(`${request.asked}: username`, made, username);
    },
  },
  {
    number: 24,
    sentence: "multipart upload with a base64 file part → its bytes decoded exactly.",
    async check(world) {
      // Longer than a line of base64, with characters that are no ASCII and a last line without its end.
      const bytes = Buffer.from(`${scriptText}# ${"Zoë's ☃ ".repeat(40)}\n\techo '=%&+' "\\n"`);
      for (const client of [canonicalCli, gomaasapi]) {
        const { path } = await makeTestScript(world, {}, { bytes, client });
        const answer = expectAnswer(await world.root.query(path, "download"), { status: 200 });
        expectSame(
          `${answer.asked} after the upload by ${client.name}`,
          answer.body.toString("base64"),
          bytes.toString("base64"),
        );
      }
    },
  },
  {
    number: 25,
    sentence: "every response, 204 included, has a Content-Type.",
    async check(world) {
      const statuses = (await oneOfEachStatus(world)).map(({ status }) => status);
      expectSame(
        "the statuses of this statement's requests",
        [...new Set(statuses)].toSorted((one, other) => one - other),
        everyStatus,
      );
      expectSame("answers without Content-Type in this run", world.untyped, []);
    },
  },
  {
    number: 26,
    sentence: "handler JSON is indented by 4 and UTF-8.",
    async check({ ann }) {
      expectToken(await ann.perform("account/", newToken, { name: longName }), longName);
      const list = await ann.query("account/", "list_authorisation_tokens");
      for (const answer of [
        list,
        await ann.query("events/", "query", { level: "AUDIT" }),
        await ann.query("users/", "whoami"),
      ]) {
        expectAnswer(answer, { status: 200, type: "application/json; charset=utf-8" });
        expectSame(`${answer.asked}: the body`, answer.text, JSON.stringify(answer.json(), null, 4));
      }
      const coded = JSON.stringify(longName);
      expectThat(`${list.asked}: the body`, list.body.includes(coded), `${coded} as it is`, list.text);
    },
  },
  {
    number: 27,
    sentence: "`X-MAAS-API-Hash` on 2xx equals `hash` of `describe/`.",
    async check({ ann, nobody }) {
      const { hash } = (await nobody.read("describe/")).json<{ readonly hash: string }>();
      const answers = [
        await ann.query("users/", "whoami"),
        await ann.query("events/", "query"),
        await ann.perform("account/", newToken),
        await removeNewToken(ann),
        await nobody.read("version/"),
      ];
      for (const answer of answers) {
        expectThat(answer.asked, answer.status >= 200 && answer.status < 300, "2xx", answer.status);
        expectSame(`${answer.asked}: X-MAAS-API-Hash`, answer.header("x-maas-api-hash"), hash);
      }
    },
  },
  {
    number: 28,
    sentence: "`GET /MAAS/api/version/` → `2.0`; `/MAAS/api/1.0/x` → 410.",
    async check({ send }) {
      const version = await send({ method: "GET", path: "/MAAS/api/version/", headers: [] });
      expectAnswer(version, { status: 200, type: "text/plain", text: "2.0" });
      expectAnswer(await send({ method: "GET", path: "/MAAS/api/1.0/x", headers: [] }), {
        status: 410,
        type: "text/plain",
        text: "The 1.0 API is no longer available. Please use API version 2.0.",
      });
    },
  },
];

/** What MAAS calls a token that nobody named. */
const defaultName = "MAAS consumer";

/** Longer than a line of base64, with what each encoding must quote. */
const longName = `Zoë ☃ & co = 50% + "half" / ${"n".repeat(60)}`;

function expectToken(answer: WireAnswer, name: string): void {
  expectAnswer(answer, { status: 200, type: "application/json; charset=utf-8" });
  const token = answer.json<Readonly<Record<string, string>>>();
  const { token_key = "", token_secret = "", consumer_key = "" } = token;
  expectSame(
    `${answer.asked}: lengths of the key's parts`,
    [consumer_key, token_key, token_secret].map(lengthOf),
    [18, 18, 32],
  );
  expectSame(`${answer.asked}: the token's name`, token["name"], name);
}

function lengthOf({ length }: string): number {
  return length;
}

function postJson({ send, ann }: World, path: string, body: unknown): Promise<WireAnswer> {
  return send({
    method: "POST",
    path: `/MAAS/api/2.0/${path}`,
    headers: [
      ["Authorization", oauthHeader(ann.apiKey)],
      ["Content-Type", "application/json"],
    ],
    body: JSON.stringify(body),
  });
}

async function removeNewToken(person: KeyHolder): Promise<WireAnswer> {
  const made = (await person.perform("account/", newToken)).json<Readonly<Record<string, string>>>();
  return person.perform("account/", "delete_authorisation_token", { token_key: made["token_key"] ?? "" });
}

const everyStatus = [200, 201, 202, 204, 400, 401, 403, 404, 405, 410];

async function oneOfEachStatus(world: World): Promise<readonly WireAnswer[]> {
  const { ann, nobody, send, name } = world;
  const person = await world.person();
  const { token_key = "" } = (await person.perform("account/", newToken)).json<Readonly<Record<string, string>>>();
  const { username, password } = person;
  return [
    await ann.query("users/", "whoami"),
    await person.create("account/prefs/sshkeys/", { key: sshKeyOf(name("key")) }),
    await person.perform("account/", "update_token_name", { token: token_key, name: "renamed" }),
    await person.perform("account/", "delete_authorisation_token", { token_key }),
    await send(formPost("/MAAS/accounts/login/", { username, password })),
    await ann.read("events/"),
    await nobody.query("users/", "whoami"),
    await ann.create("users/", {}),
    await ann.read("nosuch/"),
    await ann.read(`users/${name("nobody")}/`),
    await ann.perform("events/", "query"),
    await send({ method: "GET", path: "/MAAS/api/1.0/x", headers: [] }),
  ];
}

/** A well-formed Ed25519 key that belongs to nobody. */
function sshKeyOf(comment: string): string {
  const bytes = Buffer.alloc(51);
  bytes.writeUInt32BE(11, 0);
  bytes.write("ssh-ed25519", 4);
  bytes.writeUInt32BE(32, 15);
  bytes.write(comment.padEnd(32, "x"), 19);
  return `ssh-ed25519 ${bytes.toString("base64")} ${comment}`;
}
