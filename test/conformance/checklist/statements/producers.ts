import { canonicalCli } from "../clients/canonical-cli.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import { keyProducers } from "./key-producers.ts";
import { expectAction, expectDescriptions, recorded } from "./records.ts";
import { scriptProducers } from "./script-producers.ts";
import { withSetting } from "./settings.ts";
import type { Statement } from "../statement.ts";
import type { WireAnswer } from "./wire.ts";
import { formPost, type World } from "../world.ts";

const plain = "text/plain; charset=utf-8";
const jsonType = "application/json; charset=utf-8";

/** Statements 53 to 68: what acts answer, and how they are recorded. */
export const producers: readonly Statement[] = [
  {
    number: 53,
    sentence: "token create/delete/rename → 200/204/202 and the three texts.",
    async check(world) {
      const person = await world.person();
      const clients = [canonicalCli, libmaas, gomaasapi];
      const { events } = await recorded(world, person.username, async () => {
        for (const client of clients) {
          const asked = person.by(client);
          const made = expectAnswer(await asked.perform("account/", "create_authorisation_token", { name: "one" }), {
            status: 200,
            type: jsonType,
          });
          const { token_key = "" } = made.json<Readonly<Record<string, string>>>();
          const renamed = await asked.perform("account/", "update_token_name", { token: token_key, name: "two" });
          expectAnswer(renamed, { status: 202, type: "text/plain", text: "Accepted" });
          const deleted = await asked.perform("account/", "delete_authorisation_token", { token_key });
          expectAnswer(deleted, { status: 204, type: "text/plain", text: "" });
          expectAnswer(await asked.perform("account/", "delete_authorisation_token", { token_key }), { status: 404 });
        }
      });
      const life = ["Created token.", "Modified consumer name of token.", "Deleted token."];
      expectDescriptions("three tokens' lives", events, [...life, ...life, ...life]);
    },
  },
  {
    number: 54,
    sentence:
      "`POST users/` by an administrator → 200 and `Created user 'x'.`; by somebody else → 403 `This method is reserved for admin users.` and an `operation.refuse` event.",
    async check(world) {
      const { root, ann } = world;
      for (const [isAdministrator, words] of [
        ["0", "user"],
        ["1", "admin"],
      ] as const) {
        const user = newUser(world, isAdministrator);
        const { events, answer } = await recorded(world, root.username, () => root.create("users/", user));
        const { username, email } = user;
        const resource_uri = `/MAAS/api/2.0/users/${username}/`;
        const json = { is_superuser: isAdministrator === "1", username, email, is_local: true, resource_uri };
        expectAnswer(answer, { status: 200, type: jsonType, json });
        expectDescriptions(answer.asked, events, [`Created ${words} '${username}'.`]);
      }
      const refused = await recorded(world, ann.username, () => ann.create("users/", newUser(world, "0")));
      const text = "This method is reserved for admin users.";
      expectAnswer(refused.answer, { status: 403, type: plain, text });
      expectSame(`${refused.answer.asked}: its audit events`, refused.events.length, 1);
      await expectAction(world, refused.events[0], { action: "operation.refuse", outcome: "failure" });
    },
  },
  {
    number: 55,
    sentence: "`POST users/` without email → 400 `No provided email!`.",
    async check(world) {
      const { email: _, ...others } = newUser(world, "0");
      const answer = await world.root.create("users/", others);
      expectAnswer(answer, { status: 400, type: plain, text: "No provided email!" });
    },
  },
  {
    number: 56,
    sentence: "`DELETE users/me/` → 400 `An administrator cannot self-delete.`; unknown user → 204, no event.",
    async check(world) {
      const root = await world.person({ isAdministrator: true });
      const { events } = await recorded(world, root.username, async () => {
        const self = await root.remove(`users/${root.username}/`);
        expectAnswer(self, { status: 400, type: plain, text: "An administrator cannot self-delete." });
        for (const client of [canonicalCli, libmaas, gomaasapi]) {
          const answer = await root.by(client).remove(`users/${world.name("nobody")}/`);
          expectAnswer(answer, { status: 204, type: "text/plain", text: "" });
        }
      });
      expectDescriptions("a refused and three empty deletions", events, []);
    },
  },
  {
    number: 57,
    sentence:
      "`POST accounts/login/` good → 204 + `sessionid` + `User 'x' logged in.`; bad → 400 JSON with `__all__` and an `auth.login.failure` event.",
    async check(world) {
      const { username, password } = await world.person();
      const good = await recorded(world, username, () => login(world, { username, password }));
      expectAnswer(good.answer, { status: 204, text: "" });
      expectThat(
        `${good.answer.asked}: sessionid`,
        (good.answer.cookie("sessionid") ?? "") !== "",
        "a cookie",
        good.answer.header("set-cookie"),
      );
      expectDescriptions(good.answer.asked, good.events, [`User '${username}' logged in.`]);
      const bad = await recorded(world, username, () => login(world, { username, password: `${password}x` }));
      const sentence = "Please enter a correct username and password. Note that both fields may be case-sensitive.";
      expectAnswer(bad.answer, { status: 400, type: "application/json", json: { __all__: [sentence] } });
      expectDescriptions(bad.answer.asked, bad.events, [`Login failed for '${username}'.`]);
      await expectAction(world, bad.events[0], { action: "auth.login.failure", outcome: "failure" });
      const half = await login(world, { password });
      expectAnswer(half, { status: 400, type: "application/json", json: { username: ["This field is required."] } });
    },
  },
  {
    number: 58,
    sentence: "`POST accounts/logout/` → 204 + `User 'x' logged out.`",
    async check(world) {
      const { username, password } = await world.person();
      const session = await login(world, { username, password });
      const token = session.cookie("csrftoken") ?? "";
      const cookies = ["Cookie", `sessionid=${session.cookie("sessionid") ?? ""}; csrftoken=${token}`] as const;
      const logout = formPost("/MAAS/accounts/logout/", {}, [cookies, ["X-CSRFToken", token]]);
      const { answer, events } = await recorded(world, username, () => world.send(logout));
      expectAnswer(answer, { status: 204, text: "" });
      expectDescriptions(answer.asked, events, [`User '${username}' logged out.`]);
      const after = { method: "GET", path: "/MAAS/api/2.0/users/?op=whoami", headers: [cookies] };
      expectAnswer(await world.send(after), { status: 401 });
    },
  },
  {
    number: 59,
    sentence:
      "`POST accounts/authenticate/` → 200 JSON with `consumer_key name token_key token_secret`, always a new token (`Created token.`, the account as its user); bad password → 403.",
    async check(world) {
      const { username, password } = await world.person();
      const form = { username, password, consumer: "ann@desk" };
      const tokens: string[] = [];
      for (const _ of [1, 2]) {
        const { answer, events } = await recorded(world, username, () => authenticate(world, form));
        const token = expectAnswer(answer, { status: 200, type: "application/json" }).json<
          Readonly<Record<string, string>>
        >();
        expectSame(`${answer.asked}: keys`, Object.keys(token).toSorted(), [
          "consumer_key",
          "name",
          "token_key",
          "token_secret",
        ]);
        expectSame(`${answer.asked}: name`, token["name"], "ann@desk");
        expectDescriptions(answer.asked, events, ["Created token."]);
        tokens.push(token["token_key"] ?? "");
      }
      expectThat("two answers of accounts/authenticate/: token_key", tokens[0] !== tokens[1], "two tokens", tokens);
      expectAnswer(await authenticate(world, { ...form, password: `${password}x` }), { status: 403, text: "" });
    },
  },
  ...keyProducers,
  ...scriptProducers,
  {
    number: 67,
    sentence:
      "`set_config` good → 200 `OK` and the text; bad name → 400 JSON keyed by the name; `get_config` → a JSON value, `application/json`.",
    async check(world) {
      const { root, ann } = world;
      const value = world.name("set");
      const { events } = await recorded(world, root.username, () =>
        withSetting(world, "maas_name", value, async () => {
          const read = await ann.query("maas/", "get_config", { name: "maas_name" });
          expectAnswer(read, { status: 200, type: "application/json", json: value });
          const again = await root.perform("maas/", "set_config", { name: "maas_name", value });
          expectAnswer(again, { status: 200, type: "text/plain", text: "OK" });
        }),
      );
      const sentence = `Updated configuration setting 'maas_name' to '${value}'.`;
      expectDescriptions("a setting set twice", events.slice(0, 2), [sentence, sentence]);
      const nameless = await root.perform("maas/", "set_config", { value });
      expectAnswer(nameless, { status: 400, type: plain, text: "No provided name!" });
      for (const answer of [
        await root.perform("maas/", "set_config", { name: "no_such", value }),
        await ann.query("maas/", "get_config", { name: "no_such" }),
      ]) {
        expectAnswer(answer, { status: 400, text: /"no_such"/ });
        const [key, ...others] = Object.entries(answer.json<Readonly<Record<string, unknown>>>());
        const message = /^no_such is not a valid config setting \(valid settings are: maas_name, .+\)\.$/;
        expectSame(`${answer.asked}: keys`, [key?.[0], others.length], ["no_such", 0]);
        expectThat(`${answer.asked}: its message`, message.test(String(key?.[1])), String(message), key?.[1]);
        expectAnswer(answer, { status: 400, type: "application/json" });
      }
    },
  },
  {
    number: 68,
    sentence: "`enable_http_proxy=false` → text ends `to 'False'.`",
    async check(world) {
      const { events } = await recorded(world, world.root.username, () =>
        withSetting(world, "enable_http_proxy", "false", async () => {
          const read = await world.ann.query("maas/", "get_config", { name: "enable_http_proxy" });
          expectAnswer(read, { status: 200, json: false });
        }),
      );
      const sentence = "Updated configuration setting 'enable_http_proxy' to 'False'.";
      expectSame("the event of enable_http_proxy=false", events[0]?.description, sentence);
    },
  },
];

/** What `users/` needs to make somebody; whoever it is goes with the run. */
function newUser(
  { name, root, later }: World,
  is_superuser: "0" | "1",
): Readonly<Record<"username" | "email" | "password" | "is_superuser", string>> {
  const username = name("made");
  later(`the user ${username}`, () => root.remove(`users/${username}/`));
  return { username, email: `${username}@example.com`, password: "long enough", is_superuser };
}

function login(world: World, form: Readonly<Record<string, string>>): Promise<WireAnswer> {
  return world.send(formPost("/MAAS/accounts/login/", form));
}

function authenticate(world: World, form: Readonly<Record<string, string>>): Promise<WireAnswer> {
  return world.send(formPost("/MAAS/accounts/authenticate/", form));
}
