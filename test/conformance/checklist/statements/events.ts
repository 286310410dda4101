import type { MaasPage } from "../../../support/clients/maas-client.ts";
import { canonicalCli } from "../clients/canonical-cli.ts";
import type { NamedParameters } from "../clients/client.ts";
import { curl } from "../clients/curl.ts";
import { gomaasapi } from "../clients/gomaasapi.ts";
import { libmaas } from "../clients/libmaas.ts";
import { expectAnswer, expectMatch, expectSame, expectThat } from "../expectations.ts";
import {
  emptyPage,
  eventKeys,
  expectNewestFirst,
  expectRefused,
  fiveEvents,
  idsOf,
  instantOf,
  makeEvents,
} from "./pages.ts";
import { eventsPage, recorded } from "./records.ts";
import { withSetting } from "./settings.ts";
import type { Statement } from "../statement.ts";
import { formPost } from "../world.ts";

const eventsUri = "/MAAS/api/2.0/events/?";

/** Statements 33 to 52: `events/?op=query`. */
export const events: readonly Statement[] = [
  {
    number: 33,
    sentence: "`?op=query&level=AUDIT` → keys `count events next_uri prev_uri`, events newest first.",
    async check({ root }) {
      for (const client of [canonicalCli, libmaas, gomaasapi, curl]) {
        const answer = await root.by(client).query("events/", "query", { level: "AUDIT" });
        expectAnswer(answer, { status: 200, type: "application/json; charset=utf-8" });
        const page = answer.json<MaasPage>();
        expectSame(`${answer.asked}: keys`, Object.keys(page), ["count", "events", "next_uri", "prev_uri"]);
        expectSame(`${answer.asked}: count`, page.count, page.events.length);
        expectThat(`${answer.asked}: events`, page.count > 0, "some", page.count);
        for (const event of page.events) {
          expectSame(`${answer.asked}: an event's keys`, Object.keys(event), eventKeys);
          expectSame(`${answer.asked}: level`, event.level, "AUDIT");
        }
        expectNewestFirst(answer.asked, page);
      }
    },
  },
  {
    number: 34,
    sentence: 'a login event has `"node": null` and `type` `Authorisation`.',
    async check(world) {
      const { username, password } = await world.person();
      const login = formPost("/MAAS/accounts/login/", { username, password });
      const { events: written } = await recorded(world, username, () => world.send(login));
      const description = `User '${username}' logged in.`;
      const shown = written.map(({ id, created, ...event }) => ({ ...event, isNumbered: id > 0 && created !== "" }));
      expectSame("the event of a login", shown, [
        { username, node: null, hostname: "", level: "AUDIT", type: "Authorisation", description, isNumbered: true },
      ]);
    },
  },
  {
    number: 35,
    sentence: "the default level excludes AUDIT and DEBUG.",
    async check(world) {
      await makeEvents(world.ann, 1);
      const [newest] = (await eventsPage(world, { level: "AUDIT", limit: "1" })).events;
      const window = { limit: "1000", before: String(newest?.id) };
      const byDefault = await eventsPage(world, window);
      const others = byDefault.events.filter(({ level }) => level === "AUDIT" || level === "DEBUG");
      expectSame("events without level: those of level AUDIT or DEBUG", others, []);
      const info = await eventsPage(world, { ...window, level: "INFO" });
      expectSame("events without level, against those with level=INFO", byDefault.events, info.events);
    },
  },
  {
    number: 36,
    sentence: "`level=audit` → 400 `Unrecognised log level: audit`.",
    async check({ ann }) {
      await expectRefused(ann, { level: "audit" }, "Unrecognised log level: audit");
      await expectRefused(ann, { level: "" }, "Unrecognised log level: ");
    },
  },
  {
    number: 37,
    sentence:
      "`limit=1001` → 400 `Requested number of events 1001 is greater than limit: 1000`; `limit=1000` → 200; `limit=0` → one event.",
    async check(world) {
      await makeEvents(world.ann, 2);
      await expectRefused(world.ann, { limit: "1001" }, "Requested number of events 1001 is greater than limit: 1000");
      await eventsPage(world, { level: "AUDIT", limit: "1000" });
      for (const limit of ["0", "-5", "1"]) {
        const { count } = await eventsPage(world, { level: "AUDIT", limit });
        expectSame(`events with limit=${limit}: count`, count, 1);
      }
    },
  },
  {
    number: 38,
    sentence: "`after=abc` → 400 `Invalid after: Please enter an integer value`.",
    async check({ ann }) {
      for (const name of ["after", "before", "limit"]) {
        await expectRefused(ann, { [name]: "abc" }, `Invalid ${name}: Please enter an integer value`);
      }
    },
  },
  {
    number: 39,
    sentence: '`before=3&after=1` → 400 with the "undetermined behaviour" text.',
    async check({ ann }) {
      const text = "There is undetermined behaviour when both `after` and `before` are specified.";
      await expectRefused(ann, { before: "3", after: "1" }, text);
    },
  },
  {
    number: 40,
    sentence: "`after=A` returns the oldest following events, listed newest first.",
    async check(world) {
      const { ids, owner } = await fiveEvents(world);
      const page = await eventsPage(world, { level: "AUDIT", owner, after: String(ids[0]), limit: "2" });
      expectSame("the ids after the first of five, two at most", idsOf(page), [ids[2], ids[1]]);
      const older = await eventsPage(world, { level: "AUDIT", owner, before: String(ids[4]), limit: "2" });
      expectSame("the ids before the last of five, two at most", idsOf(older), [ids[3], ids[2]]);
    },
  },
  {
    number: 41,
    sentence: "non-empty page: `next_uri` ends `after=<first id>`, `prev_uri` ends `before=<last id>`.",
    async check(world) {
      const { ids, owner } = await fiveEvents(world);
      for (const window of [{}, { before: String(ids[4]) }, { after: String(ids[0]) }]) {
        const page = await eventsPage(world, { level: "AUDIT", owner, limit: "2", ...window });
        const [first, last] = idsOf(page);
        const stem = `${eventsUri}op=query&level=AUDIT&owner=${owner}&limit=2`;
        const links = [page.next_uri, page.prev_uri];
        const about = `links of a page with ${JSON.stringify(window)}`;
        expectSame(about, links, [`${stem}&after=${first}`, `${stem}&before=${last}`]);
      }
    },
  },
  {
    number: 42,
    sentence: "empty, no window: `next_uri` without `after`, `prev_uri` null.",
    async check(world) {
      const owner = world.name("nobody");
      const page = await eventsPage(world, { level: "AUDIT", owner });
      expectSame("an empty page", page, emptyPage(`op=query&level=AUDIT&owner=${owner}`, null));
    },
  },
  {
    number: 43,
    sentence: "empty, `before=10`: `next_uri` ends `after=9`, `prev_uri` null.",
    async check(world) {
      const owner = world.name("nobody");
      const page = await eventsPage(world, { level: "AUDIT", owner, before: "10" });
      expectSame("an empty page with before=10", page, emptyPage(`op=query&level=AUDIT&owner=${owner}&after=9`, null));
    },
  },
  {
    number: 44,
    sentence: "empty, `after=10`: `prev_uri` ends `before=11`.",
    async check(world) {
      const owner = world.name("nobody");
      const page = await eventsPage(world, { level: "AUDIT", owner, after: "10" });
      const stem = `op=query&level=AUDIT&owner=${owner}`;
      expectSame("an empty page with after=10", page, emptyPage(`${stem}&after=10`, `${stem}&before=11`));
    },
  },
  {
    number: 45,
    sentence: "the parameter order in URIs follows the request; `?level=AUDIT&op=query` stays in that order.",
    async check({ root, name }) {
      const owner = name("nobody");
      const byGo = await root
        .by(gomaasapi)
        .query("events/", "query", { owner, level: "AUDIT", hostname: ["a b", "c"] });
      const goQuery = `hostname=a+b&hostname=c&level=AUDIT&op=query&owner=${owner}`;
      expectSame(byGo.asked, byGo.json(), emptyPage(goQuery, null));
      const byCli = await root.query("events/", "query", { owner, level: "AUDIT", zone: "z" });
      expectSame(byCli.asked, byCli.json(), emptyPage(`op=query&owner=${owner}&level=AUDIT&zone=z`, null));
    },
  },
  {
    number: 46,
    sentence: "`agent_name=` is kept in URIs; unknown parameters are dropped.",
    async check({ root, name }) {
      const owner = name("nobody");
      const mac = "52:54:00:00:00:01";
      const asked = { owner, unknown: "x", agent_name: "", Level: "x", mac_address: mac, pool: "p" };
      const answer = await root.query("events/", "query", asked);
      const kept = `op=query&owner=${owner}&agent_name=&mac_address=${mac.replaceAll(":", "%3A")}&pool=p`;
      expectSame(answer.asked, expectAnswer(answer, { status: 200 }).json(), emptyPage(kept, null));
    },
  },
  {
    number: 47,
    sentence: "`mac_address=zz` → 400 `Invalid MAC address(es): zz`.",
    async check({ ann }) {
      await expectRefused(ann, { mac_address: "zz" }, "Invalid MAC address(es): zz");
      const mixed = { mac_address: ["zz", "52:54:00:00:00:01", "5"] };
      await expectRefused(ann, mixed, "Invalid MAC address(es): zz, 5");
    },
  },
  {
    number: 48,
    sentence: "`owner=Johnny` does not match `johnny`.",
    async check(world) {
      const { owner, ids } = await fiveEvents(world);
      const page = await eventsPage(world, { level: "AUDIT", owner: owner.replace("conf", "Conf") });
      expectSame("events of the same name with another case", page.count, 0);
      const own = await eventsPage(world, { level: "AUDIT", owner });
      expectSame("the newest event of the name as it is", own.events[0]?.id, ids[4]);
    },
  },
  {
    number: 49,
    sentence: "`created` matches `^[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2}\\. \\d{4} \\d\\d:\\d\\d:\\d\\d$`.",
    async check(world) {
      const { events: found } = await eventsPage(world, { level: "AUDIT", limit: "1000" });
      for (const { id, created } of found) {
        const about = `created of event ${id}`;
        expectMatch(about, created, /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2}\. \d{4} \d\d:\d\d:\d\d$/);
        const instant = instantOf(created);
        const weekday = new Date(instant).toUTCString().slice(0, 3);
        expectSame(`${about}: its day of the week, in UTC`, created.slice(0, 3), weekday);
      }
      const sinceNewest = Date.now() - instantOf(found[0]?.created ?? "");
      expectThat("created of the newest event", Math.abs(sinceNewest) < 600_000, "UTC, minutes ago", found[0]?.created);
    },
  },
  {
    number: 50,
    sentence:
      "after deleting the user the event still shows the username; after deleting the node, `node` is null and the hostname stays.",
    async check(world) {
      const person = await world.person({ isAdministrator: true });
      const { hostname, system_id } = await world.machine();
      const query = { level: "AUDIT", owner: person.username, hostname };
      expectAnswer(await person.perform(`machines/${system_id}/`, "commission"), { status: 200 });
      const description = `Started commissioning on '${hostname}'.`;
      const seen = async (): Promise<readonly unknown[]> =>
        (await eventsPage(world, query)).events.map((event) => [
          event.username,
          event.node,
          event.hostname,
          event.description,
        ]);
      expectSame("the node's event", await seen(), [[person.username, system_id, hostname, description]]);
      expectAnswer(await world.root.remove(`users/${person.username}/`), { status: 204 });
      expectSame("the node's event without its user", await seen(), [
        [person.username, system_id, hostname, description],
      ]);
      expectAnswer(await world.root.remove(`machines/${system_id}/`), { status: 204 });
      expectSame("the node's event without node and user", await seen(), [
        [person.username, null, hostname, description],
      ]);
    },
  },
  {
    number: 51,
    sentence: "a setting value containing `%` comes back unchanged.",
    async check(world) {
      const value = "50%d %(username)s %s % 100%";
      const { events: written } = await recorded(world, world.root.username, () =>
        withSetting(world, "maas_name", value, async () => {
          const answer = await world.ann.query("maas/", "get_config", { name: "maas_name" });
          expectSame(answer.asked, answer.json(), value);
        }),
      );
      const expected = `Updated configuration setting 'maas_name' to '${value}'.`;
      expectSame("the event of a setting", written[0]?.description, expected);
    },
  },
  {
    number: 52,
    sentence: "a non-administrator with `level=AUDIT` gets only own events.",
    async check(world) {
      const { owner, ids, person } = await fiveEvents(world);
      const query = async (parameters: NamedParameters): Promise<MaasPage> =>
        expectAnswer(await person.query("events/", "query", { level: "AUDIT", ...parameters }), { status: 200 }).json();
      const all = await query({ limit: "1000" });
      expectSame(
        "the user names that somebody without rights sees",
        [...new Set(all.events.map(({ username }) => username))],
        [owner],
      );
      expectSame("their five events", idsOf(all).slice(0, 5), ids.toReversed());
      for (const other of [world.root.username, world.name("nobody")]) {
        expectSame(
          `events of ${other}, asked by somebody else`,
          await query({ owner: other }),
          emptyPage(`op=query&level=AUDIT&owner=${other}`, null),
        );
      }
    },
  },
];
