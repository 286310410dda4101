import { randomUUID } from "node:crypto";
import { oauthHeader, type Signing } from "../../../support/clients/maas-client.ts";
import { canonicalCli } from "../clients/canonical-cli.ts";
import type { Client } from "../clients/client.ts";
import { curl } from "../clients/curl.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import type { Statement } from "../statement.ts";
import type { WireAnswer } from "./wire.ts";
import { formPost, type World } from "../world.ts";

const whoami = "/MAAS/api/2.0/users/?op=whoami";
const html = "text/html; charset=utf-8";

/** Statements 1 to 14: who is asking. */
export const auth: readonly Statement[] = [
  {
    number: 1,
    sentence: "`GET version/` without credentials → 200.",
    async check({ nobody }) {
      const answer = expectAnswer(await nobody.read("version/"), {
        status: 200,
        type: "application/json; charset=utf-8",
      });
      const { capabilities, version, subversion } = answer.json<Readonly<Record<string, unknown>>>();
      expectSame(`${answer.asked}: capabilities`, capabilities, maasCapabilities);
      expectSame(`${answer.asked}: version and subversion`, [typeof version, typeof subversion], ["string", "string"]);
    },
  },
  {
    number: 2,
    sentence: "`GET describe/` without credentials → 200, Content-Type exactly `application/json`.",
    async check({ nobody }) {
      expectAnswer(await nobody.read("describe/"), { status: 200, type: "application/json" });
    },
  },
  {
    number: 3,
    sentence: "`GET users/?op=whoami` without credentials → 401.",
    async check({ nobody }) {
      expectAnswer(await nobody.query("users/", "whoami"), { status: 401, type: "text/plain", text: "Forbidden" });
    },
  },
  {
    number: 4,
    sentence: "the same with the CLI's header → 200, a user object.",
    check: (world) => accepts(world, canonicalCli),
  },
  {
    number: 5,
    sentence: 'the same with python-libmaas\'s header (`realm="OAuth"` first) → 200.',
    check: (world) => accepts(world, libmaas),
  },
  {
    number: 6,
    sentence: 'the same with gomaasapi\'s header (random order, `realm="MAAS+API"`) → 200.',
    async check(world) {
      await accepts(world, gomaasapi);
      // The order is drawn by chance; the realm must be harmless wherever it falls, also inside.
      for (const place of [0, 3, 7]) {
        const parts = oauthHeader(world.ann.apiKey, { nonce: freshNonce() })
          .replace(/^OAuth /, "")
          .split(", ");
        const header = `OAuth ${parts.toSpliced(place, 0, 'realm="MAAS+API"').join(", ")}`;
        expectUser(world, await ask(world, header));
      }
    },
  },
  {
    number: 7,
    sentence: "the same with unquoted values and a raw `oauth_signature=&SECRET` → 200.",
    check: (world) => accepts(world, curl),
  },
  {
    number: 8,
    sentence:
      'an unknown consumer → 401 `Authorization Error: Invalid API key.` and `WWW-Authenticate: OAuth realm="OAuth"`.',
    async check(world) {
      const key = world.ann.apiKey.replace(/^[^:]+/, "a".repeat(18));
      const answer = await askAs(world, key);
      expectAnswer(answer, { status: 401, type: html, text: "Authorization Error: Invalid API key." });
      expectSame(`${answer.asked}: WWW-Authenticate`, answer.header("www-authenticate"), 'OAuth realm="OAuth"');
    },
  },
  {
    number: 9,
    sentence: "an unknown token → 401 containing `Invalid access token:`.",
    async check(world) {
      const [consumer, , secret] = world.ann.apiKey.split(":");
      const unknown = "a".repeat(18);
      const answer = await askAs(world, `${consumer}:${unknown}:${secret}`);
      expectAnswer(answer, { status: 401, text: `Authorization Error: 'Invalid access token: ${unknown}'` });
    },
  },
  {
    number: 10,
    sentence: "a timestamp 301 s old → 401 containing `Expired timestamp`.",
    async check(world) {
      const timestamp = Math.floor(Date.now() / 1000) - 301;
      expectAnswer(await askAs(world, world.ann.apiKey, { timestamp }), { status: 401, text: /Expired timestamp/ });
      expectUser(world, await askAs(world, world.ann.apiKey, { timestamp: timestamp + 60 }));
    },
  },
  {
    number: 11,
    sentence: "the same nonce twice → the second is 401 containing `Nonce already used`.",
    async check(world) {
      const nonce = freshNonce();
      expectUser(world, await askAs(world, world.ann.apiKey, { nonce }));
      const second = await askAs(world, world.ann.apiKey, { nonce });
      expectAnswer(second, { status: 401, text: `Authorization Error: 'Nonce already used: ${nonce}'` });
    },
  },
  {
    number: 12,
    sentence: "a wrong secret → 401, and the body does not contain the secret.",
    async check(world) {
      const [, , secret = ""] = world.ann.apiKey.split(":");
      const answer = await askAs(world, world.ann.apiKey, { signature: `&${"x".repeat(32)}` });
      expectAnswer(answer, { status: 401 });
      expectThat(`${answer.asked}: the body`, !answer.text.includes(secret), "not the secret", answer.text);
    },
  },
  {
    number: 13,
    sentence: "a deactivated user → 403 `User is not allowed access to this API.`",
    async check(world) {
      const person = await world.person();
      expectAnswer(await world.root.update(`users/${person.username}/`, { is_active: "0" }), { status: 200 });
      expectAnswer(await person.query("users/", "whoami"), {
        status: 403,
        type: "text/plain; charset=utf-8",
        text: "User is not allowed access to this API.",
      });
    },
  },
  {
    number: 14,
    sentence: "a session cookie: GET → accepted; POST without CSRF token → 403; with `X-CSRFToken` → accepted.",
    async check(world) {
      const { username, password } = await world.person();
      const login = await world.send(formPost("/MAAS/accounts/login/", { username, password }));
      expectAnswer(login, { status: 204 });
      const token = login.cookie("csrftoken") ?? "";
      const cookie = ["Cookie", `sessionid=${login.cookie("sessionid") ?? ""}; csrftoken=${token}`] as const;
      const read = await world.send({ method: "GET", path: whoami, headers: [cookie] });
      expectSame(
        `${read.asked} by session: username`,
        expectAnswer(read, { status: 200 }).json<User>().username,
        username,
      );
      const path = "/MAAS/api/2.0/account/?op=create_authorisation_token";
      expectAnswer(await world.send({ method: "POST", path, headers: [cookie], body: "" }), { status: 403 });
      const wrong = ["X-CSRFToken", "a".repeat(token.length)] as const;
      expectAnswer(await world.send({ method: "POST", path, headers: [cookie, wrong], body: "" }), { status: 403 });
      const right = ["X-CSRFToken", token] as const;
      expectAnswer(await world.send({ method: "POST", path, headers: [cookie, right], body: "" }), { status: 200 });
    },
  },
];

/** What every version of MAAS lists, in its order. */
const maasCapabilities = [
  "networks-management",
  "static-ipaddresses",
  "ipv6-deployment-ubuntu",
  "devices-management",
  "storage-deployment-ubuntu",
  "network-deployment-ubuntu",
  "bridging-interface-ubuntu",
  "bridging-automatic-ubuntu",
  "authenticate-api",
];

interface User {
  readonly username: string;
}

async function accepts(world: World, client: Client): Promise<void> {
  expectUser(world, await world.ann.by(client).query("users/", "whoami"));
}

function expectUser({ ann }: World, answer: WireAnswer): void {
  expectAnswer(answer, {
    status: 200,
    type: "application/json; charset=utf-8",
    json: {
      is_superuser: false,
      username: ann.username,
      email: `${ann.username}@example.com`,
      is_local: true,
      resource_uri: `/MAAS/api/2.0/users/${ann.username}/`,
    },
  });
}

function askAs(world: World, apiKey: string, signing: Signing = {}): Promise<WireAnswer> {
  return ask(world, oauthHeader(apiKey, signing));
}

function ask(world: World, header: string): Promise<WireAnswer> {
  return world.send({ method: "GET", path: whoami, headers: [["Authorization", header]] });
}

function freshNonce(): string {
  return randomUUID().replaceAll("-", "");
}
