import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { allEvents, type NativeEvent } from "../../../../test/support/clients/native-client.ts";
import { makeMachine, type MaasNode } from "../../../../test/support/nodes.ts";
import { admin, makePerson } from "../../../../test/support/worlds/people.ts";
import { report } from "../../../../test/support/reports.ts";
import { sharedServers, type TestServer } from "../../../../test/support/server.ts";
import { parseFilter, printFilter, toQuery } from "./filter-language.ts";

// That the API takes what the filter's language says, and means the same by it.

const serverOf = sharedServers();

suite("a filter asks a real server", () => {
  let server: TestServer;
  let machine: MaasNode;
  let events: readonly NativeEvent[] = [];
  let username = "";

  before(async () => {
    server = await serverOf("sqlite");
    const { maas, native } = admin(server);
    const person = await makePerson(server);
    username = person.username;
    await person.native.ask("DELETE", "users/nosuch");
    machine = await makeMachine(maas);
    const other = { type: "NODE_POWER_FAILURE", action: "node.power", description: "No answer." };
    await report(native, [
      { ...other, username: "b, c", level: "ERROR", node: machine.system_id, hostname: "by-hostname" },
      { ...other, username: 'say "hi" \\ # & + %', target: { kind: "disk", id: "7", name: "sda" } },
      { ...other, action: "nodes.power", username: "-dash:colon", outcome: "failure" },
    ]);
    events = await allEvents(native);
  });

  const find = async (text: string): Promise<readonly number[]> => {
    const now = Date.now();
    const parsed = parseFilter(text, { now });
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.error.message);
    const query = toQuery(parsed.terms, now);
    query.set("limit", "1000");
    const answer = await admin(server).native.ask("GET", `events?${query.toString()}`);
    assert.equal(answer.status, 200, `${text}: ${answer.text}`);
    return answer.json<{ items: readonly NativeEvent[] }>().items.map(({ id }) => id);
  };

  test("and gets what it means", async () => {
    const system = machine.system_id;
    const mac = machine.interface_set[0]?.mac_address ?? "";
    const is = (wanted: string) => (event: NativeEvent) => event.username === wanted;
    const isAbout = ({ node }: NativeEvent): boolean => node === system;
    const cases: readonly (readonly [text: string, means: (event: NativeEvent) => boolean])[] = [
      ["", () => true],
      [`user:${username}`, is(username)],
      [`user:"b, c"`, is("b, c")],
      [printFilter([{ key: "user", value: 'say "hi" \\ # & + %', isExcluded: false }]), is('say "hi" \\ # & + %')],
      [`user:${username},-dash:colon`, (event) => is(username)(event) || is("-dash:colon")(event)],
      ["-user:-dash:colon", (event) => !is("-dash:colon")(event)],
      ['user:""', ({ username: name }) => name === null],
      ['-user:""', ({ username: name }) => name !== null],
      ["action:node.*", ({ action }) => action.startsWith("node.")],
      ["-action:node.*,nodes.power", ({ action }) => !/^nodes?\./.test(action)],
      ["type:node", ({ type }) => type === "NODE"],
      ["type:NODE_POWER_FAILURE", ({ type }) => type === "NODE_POWER_FAILURE"],
      ["outcome:failure", ({ outcome }) => outcome === "failure"],
      ["-outcome:success", ({ outcome }) => outcome === "failure"],
      ["level:audit,error", ({ level }) => level === "AUDIT" || level === "ERROR"],
      ["-level:info", ({ level }) => level !== "INFO"],
      ["source:external", ({ source }) => source === "external"],
      [`node:${system}`, isAbout],
      [`-node:${system}`, (event) => !isAbout(event)],
      [`hostname:by-hostname`, ({ hostname }) => hostname === "by-hostname"],
      [`target:user/${username}`, ({ target_kind, target_name }) => target_kind === "user" && target_name === username],
      ["target:disk/sda", ({ target_kind }) => target_kind === "disk"],
      ["target:sda", ({ target_name }) => target_name === "sda"],
      ["target:7", ({ target_id, target_name }) => target_id === "7" || target_name === "7"],
      [`ip:${events[0]?.ip}`, ({ ip }) => ip === events[0]?.ip],
      [`trace:${events[0]?.trace_id}`, ({ trace_id }) => trace_id === events[0]?.trace_id],
      ["zone:default pool:default", isAbout],
      [`mac:${mac}`, isAbout],
      [`domain:${machine.domain.name}`, isAbout],
      ["agent:nobody", () => false],
      ["since:24h", () => true],
      ["until:24h", () => false],
      ["since:yesterday created:<2254-12-31", () => true],
      [`since:${events[0]?.created} `, ({ created }) => created >= (events[0]?.created ?? "")],
      [`until:${events[0]?.created}`, ({ created }) => created < (events[0]?.created ?? "")],
    ];
    for (const [text, means] of cases) {
      const wanted = events.filter(means).map(({ id }) => id);
      assert.deepEqual(await find(text), wanted, text);
    }
  });
});
