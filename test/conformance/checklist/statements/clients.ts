import type { MaasPage } from "../../../support/clients/maas-client.ts";
import { freshMac } from "../../../support/worlds/world.ts";
import { decodeMachine, decodePlace } from "./decoding.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { type CommandLine, hasTerminals, openCommandLine, type CommandRun } from "../command-line.ts";
import { expectAnswer, expectMatch, expectSame, expectThat } from "../expectations.ts";
import { eventKeys, fiveEvents, instantOf } from "./pages.ts";
import { type Relay, startRelay } from "../relay.ts";
import { makeTestScript } from "./scripts.ts";
import { NotCheckable, type Statement } from "../statement.ts";
import type { WireAnswer } from "./wire.ts";
import type { KeyHolder, World } from "../world.ts";

/** Statements 69 to 77: the programs that people use. */
export const clients: readonly Statement[] = [
  {
    number: 69,
    sentence: "`maas login p URL KEY` succeeds; a wrong key exits 1.",
    async check({ url, ann }) {
      using line = openCommandLine();
      const good = await line.run("login", "p", `${url}/MAAS/`, ann.apiKey);
      expectRan(good, { code: 0, stderr: "" });
      expectMatch(`${good.typed}: standard output`, good.stdout.toString(), /'p'|\bp\b/);
      expectRan(await line.run("list"), { code: 0, stdout: `p ${url}/MAAS/api/2.0/ ${ann.apiKey}\n`, stderr: "" });
      const wrong = await line.run("login", "q", `${url}/MAAS/`, ann.apiKey.replace(/:[^:]*$/, `:${"x".repeat(32)}`));
      expectRan(wrong, { code: 1, stdout: "" });
      expectMatch(`${wrong.typed}: standard error`, wrong.stderr, /rejected your API key/);
    },
  },
  {
    number: 70,
    sentence:
      "`maas p events query level=AUDIT` piped prints exactly the body; on a terminal it is preceded by the two lines.",
    async check(world) {
      await using relay = await startRelay(world.url);
      using line = await loggedIn(relay, world.ann);
      const piped = await line.run("p", "events", "query", "level=AUDIT");
      const { path, body, status } = lastOf(relay);
      expectSame(`${piped.typed}: its request`, [path, status], ["/MAAS/api/2.0/events/?op=query&level=AUDIT", 200]);
      expectRan(piped, { code: 0, stdout: body.toString(), stderr: "" });
      if (!hasTerminals) {
        throw new NotCheckable(
          "there is no script(1) to make a terminal with (into a pipe it printed exactly the body)",
        );
      }
      const shown = await line.runOnTerminal("p", "events", "query", "level=AUDIT");
      const text = `Success.\nMachine-readable output follows:\n${lastOf(relay).body.toString()}\n`;
      expectRan(
        { ...shown, stdout: Buffer.from(shown.stdout.toString().replaceAll("\r\n", "\n")) },
        { code: 0, stdout: text },
      );
    },
  },
  {
    number: 71,
    sentence: "a 400 from the server → body on stdout, exit 2.",
    async check(world) {
      using line = await loggedIn(world, world.ann);
      const ran = await line.run("p", "events", "query", "level=audit");
      expectRan(ran, { code: 2, stdout: "Unrecognised log level: audit" });
    },
  },
  {
    number: 72,
    sentence: "`maas p sshkeys import lp:x` sends `keysource=lp:x`.",
    async check(world) {
      // The request is what counts: nobody's keys are to be fetched.
      const json = { "content-type": "application/json; charset=utf-8" };
      const answer = { status: 200, headers: json, body: "[]" };
      await using relay = await startRelay(world.url, {
        instead: ({ method }) => (method === "POST" ? answer : undefined),
      });
      using line = await loggedIn(relay, world.ann);
      expectRan(await line.run("p", "sshkeys", "import", "lp:x"), { code: 0, stdout: "[]" });
      const { path, type, sent } = lastOf(relay);
      const about = "maas p sshkeys import lp:x: its request";
      expectSame(about, path, "/MAAS/api/2.0/account/prefs/sshkeys/?op=import");
      expectMatch(`${about}: Content-Type`, type, /^multipart\/form-data; boundary=/);
      const [part, ...others] = sent.split("\r\n--").filter((piece) => piece.includes("name="));
      expectSame(`${about}: parts`, others.length, 0);
      expectMatch(`${about}: part`, part, /^Content-Disposition: form-data; name="keysource"$/m);
      const [, coded = ""] = part?.split("\r\n\r\n") ?? [];
      const isCoded = /^Content-Transfer-Encoding: base64$/im.test(part ?? "");
      expectSame(`${about}: keysource`, isCoded ? Buffer.from(coded, "base64").toString() : coded, "lp:x");
    },
  },
  {
    number: 73,
    sentence: "`maas p user delete bob transfer_resources_to=al` → `DELETE …/users/bob/?transfer_resources_to=al`.",
    async check(world) {
      const { username: bob } = await world.person();
      const { username: al } = await world.person();
      await using relay = await startRelay(world.url);
      using line = await loggedIn(relay, world.root);
      expectRan(await line.run("p", "user", "delete", bob, `transfer_resources_to=${al}`), { code: 0, stdout: "" });
      const { method, path, sent } = lastOf(relay);
      const expected = ["DELETE", `/MAAS/api/2.0/users/${bob}/?transfer_resources_to=${al}`, ""];
      expectSame("maas p user delete: its request", [method, path, sent], expected);
      expectAnswer(await world.root.read(`users/${bob}/`), { status: 404 });
    },
  },
  {
    number: 74,
    sentence: 'python-libmaas `connect` + `events.query(level="AUDIT")` parses `created`, `level`, follows `prev`.',
    async check(world) {
      const { ids, owner } = await fiveEvents(world);
      expectAnswer(await world.nobody.by(libmaas).read("describe/"), { status: 200, type: "application/json" });
      const asked = world.root.by(libmaas);
      const parameters = { level: "AUDIT", owner, limit: "2" };
      let page = expectAnswer(await asked.query("events/", "query", parameters), { status: 200 }).json<MaasPage>();
      const seen: number[] = [];
      while (page.count > 0 && seen.length < 100) {
        for (const { id, created, level } of page.events) {
          seen.push(id);
          expectThat(`created of event ${id}`, !Number.isNaN(instantOf(created)), "%a, %d %b. %Y %H:%M:%S", created);
          expectThat(`level of event ${id}`, levels.includes(level), levels.join(", "), level);
        }
        // It sends the link's parameters again and puts its own `op` before them.
        const link = new URLSearchParams(page.prev_uri?.split("?")[1]);
        const again = { op: link.getAll("op"), ...Object.fromEntries([...link].filter(([name]) => name !== "op")) };
        page = expectAnswer(await asked.query("events/", "query", again), { status: 200 }).json<MaasPage>();
      }
      expectSame("the five newest ids over pages of two", seen.slice(0, 5), ids.toReversed());
    },
  },
  {
    number: 75,
    sentence: "gomaasclient `Events.Get` decodes null `node` and null `prev_uri`.",
    async check(world) {
      const { owner, ids } = await fiveEvents(world);
      const asked = world.root.by(gomaasapi);
      const answer = await asked.query("events/", "query", { level: "AUDIT", owner });
      const page = decodedPage(answer);
      expectSame(
        `${answer.asked}: node of an event without one`,
        page.events.find(({ id }) => id === ids[0])?.node,
        null,
      );
      const empty = await asked.query("events/", "query", { level: "AUDIT", owner: world.name("nobody") });
      expectSame(`${empty.asked}: prev_uri`, decodedPage(empty).prev_uri, null);
    },
  },
  {
    number: 76,
    sentence: "gomaasapi `NewController` works against `version/` + `whoami`; `Machines`, `Zones`, `Domains` decode.",
    async check(world) {
      const asked = world.root.by(gomaasapi);
      const version = expectAnswer(await asked.read("version/"), { status: 200 });
      const { capabilities, ...names } = version.json<Readonly<Record<string, unknown>>>();
      const isList = Array.isArray(capabilities) && capabilities.every((one) => typeof one === "string");
      expectThat(`${version.asked}: capabilities`, isList, "a list of strings", capabilities);
      expectSame(
        `${version.asked}: types`,
        [typeof names["version"], typeof names["subversion"]],
        ["string", "string"],
      );
      expectAnswer(await asked.query("users/", "whoami"), { status: 200 });
      const { system_id } = await world.machine();
      const machines = expectAnswer(await asked.read("machines/"), { status: 200 });
      const list = machines.json<readonly Readonly<Record<string, unknown>>[]>();
      expectThat(
        `${machines.asked}: the run's machine`,
        list.some((one) => one["system_id"] === system_id),
        system_id,
        machines.text,
      );
      for (const machine of list) decodeMachine(machines.asked, machine);
      for (const kind of ["zones", "domains", "resourcepools"] as const) {
        const places = expectAnswer(await asked.read(`${kind}/`), { status: 200 });
        for (const place of places.json<readonly Readonly<Record<string, unknown>>[]>())
          decodePlace(places.asked, kind, place);
      }
    },
  },
  {
    number: 77,
    sentence: "PUT replies contain `resource_uri`.",
    async check(world) {
      for (const { path, parameters } of await putTargets(world)) {
        for (const asked of [world.root, world.root.by(gomaasapi)]) {
          const answer = expectAnswer(await asked.update(path, parameters), { status: 200 });
          const { resource_uri } = answer.json<{ readonly resource_uri?: unknown }>();
          expectSame(`${answer.asked}: resource_uri`, resource_uri, `/MAAS/api/2.0/${path}`);
        }
      }
    },
  },
];

const levels = ["AUDIT", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

async function loggedIn({ url }: { readonly url: string }, person: KeyHolder): Promise<CommandLine> {
  const line = openCommandLine();
  const ran = await line.run("login", "p", `${url}/MAAS/`, person.apiKey);
  if (ran.code !== 0) line[Symbol.dispose]();
  expectRan(ran, { code: 0 });
  return line;
}

function lastOf({ passed }: Relay): Relay["passed"][number] {
  const last = passed.at(-1);
  if (last === undefined) throw new Error("the command sent no request");
  return last;
}

function expectRan(
  ran: CommandRun,
  expected: { readonly code: number; readonly stdout?: string; readonly stderr?: string },
): void {
  expectSame(`${ran.typed}: exit status (standard error: ${JSON.stringify(ran.stderr)})`, ran.code, expected.code);
  if (expected.stdout !== undefined)
    expectSame(`${ran.typed}: standard output`, ran.stdout.toString(), expected.stdout);
  if (expected.stderr !== undefined) expectSame(`${ran.typed}: standard error`, ran.stderr, expected.stderr);
}

/** A page whose every member has the type that Go gives it. */
function decodedPage(answer: WireAnswer): MaasPage {
  const page = expectAnswer(answer, { status: 200 }).json<MaasPage>();
  expectSame(
    `${answer.asked}: types of count and next_uri`,
    [typeof page.count, typeof page.next_uri],
    ["number", "string"],
  );
  for (const event of page.events) {
    const types = eventKeys.map((key) => (key === "node" && event[key] === null ? "string" : typeof event[key]));
    const expected = eventKeys.map((key) => (key === "id" ? "number" : "string"));
    expectSame(`${answer.asked}: types of ${eventKeys.join(" ")} in event ${event.id}`, types, expected);
  }
  return page;
}

/** Everything of this run's own that has a PUT, and what to send. */
async function putTargets(
  world: World,
): Promise<readonly { readonly path: string; readonly parameters: Readonly<Record<string, string>> }[]> {
  const { root, name, later } = world;
  const { username } = await world.person();
  const { system_id } = await world.machine();
  const make = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>> =>
    expectAnswer(await root.create(path, parameters), { status: 200 }).json();
  const targets = [
    { path: `users/${username}/`, parameters: { last_name: "Zoë" } },
    { path: `machines/${system_id}/`, parameters: { description: "changed" } },
  ];
  const description = { description: "changed" };
  const keep = (path: string, parameters: Readonly<Record<string, string>>): void => {
    later(path, () => root.remove(path));
    targets.push({ path, parameters: parameters as { description: string } });
  };
  const device = await make("devices/", { hostname: name("host"), mac_addresses: freshMac() });
  keep(`devices/${String(device["system_id"])}/`, description);
  const zone = await make("zones/", { name: name("zone") });
  keep(`zones/${String(zone["name"])}/`, description);
  const pool = await make("resourcepools/", { name: name("pool") });
  keep(`resourcepool/${String(pool["id"])}/`, description);
  const tag = await make("tags/", { name: name("tag"), comment: "made" });
  keep(`tags/${String(tag["name"])}/`, { comment: "changed" });
  const domain = await make("domains/", { name: name("domain") });
  keep(`domains/${String(domain["id"])}/`, { ttl: "60" });
  const script = await makeTestScript(world);
  keep(script.path, { title: "changed" });
  return targets;
}
