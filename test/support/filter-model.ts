import assert from "node:assert/strict";
import fc from "fast-check";
import { logIn, type NativeEvent, type NativePage, tryLogIn } from "./clients/native-client.ts";
import { makeMachine } from "./nodes.ts";
import { admin, makePerson, type Person } from "./worlds/people.ts";
import { freshName } from "./worlds/world.ts";
import { report } from "./reports.ts";
import type { TestServer } from "./server.ts";

// A log to be filtered, and what its filters mean, said once more over an array.

export type FilterParameter = readonly [name: string, value: string];

/** What is known today of a node that events are about. */
interface NodeFacts {
  readonly owner: string | null;
  readonly zone: string;
  readonly pool: string;
  readonly domain: string;
  readonly mac_address: string;
  readonly agent_name: string;
}

export interface FilledLog {
  readonly server: TestServer;
  readonly people: readonly Person[];
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  /** All events up to now, newest first. */
  readonly events: readonly NativeEvent[];
}

/** People's own acts, and events of all levels from elsewhere: about nodes, about what has no node, with gaps. */
export async function fillLog(server: TestServer): Promise<FilledLog> {
  const { maas, native } = admin(server);
  const people = [await makePerson(server), await makePerson(server)];
  await maas.post("zones/", [["name", "attic"]]);
  const nodes = new Map<string, NodeFacts>();
  const hosts: string[] = [];
  for (const [at, zone] of ["default", "attic", "attic"].entries()) {
    const machine = await makeMachine(
      maas,
      { zone, hostname: `h-${at}-${freshName("x")}` },
      at === 2 ? "Ready" : undefined,
    );
    if (at === 2) {
      const acquired = await people[0]?.maas.post(`machines/?op=allocate`, [
        ["system_id", machine.system_id],
        ["agent_name", "juju"],
      ]);
      assert.ok(acquired?.status === 200, acquired?.text ?? "nobody asked");
    }
    hosts.push(machine.hostname);
    nodes.set(machine.system_id, {
      owner: at === 2 ? (people[0]?.username ?? "") : null,
      zone,
      pool: "default",
      domain: machine.domain.name,
      mac_address: machine.interface_set[0]?.mac_address ?? "",
      agent_name: at === 2 ? "juju" : "",
    });
  }
  const [first = "", second = ""] = nodes.keys();
  const external = Array.from({ length: 60 }, (_, at) => ({
    level: ["INFO", "ERROR", "DEBUG", "AUDIT", "WARNING"][at % 5],
    type: at % 2 === 0 ? "NODE_POWER" : "OTHER",
    action: ["node.power", "node", "nodes.power", "node.power.off", "auth.elsewhere"][at % 5],
    outcome: at % 7 === 0 ? "failure" : "success",
    description: `Event ${at}.`,
    ...(at % 3 === 0 ? {} : { username: `outsider${at % 2}` }),
    ...(at % 4 === 0 ? { node: at % 8 === 0 ? first : second } : {}),
    // A system id as a hostname, too: what is asked for is either.
    ...(at % 6 === 1 ? { hostname: at % 12 === 1 ? first : "stray" } : {}),
    ...(at % 3 === 1 ? { target: { kind: at % 2 === 0 ? "disk" : "a/b", id: String(at % 5), name: "sda" } } : {}),
    ...(at % 10 === 2 ? { target: { name: "disk/sda" } } : {}),
    ...(at % 10 === 4 ? { target: { id: "sda" } } : {}),
  }));
  await report(native, external);
  for (const person of people) {
    const session = await logIn(server, person, { from: person.from });
    await session.ask("POST", "account/tokens", { name: "sda" });
    await tryLogIn(server, { ...person, password: "a wrong password" }, { from: person.from });
    await native.ask("PATCH", `users/${person.username}`, { last_name: "Changed" });
  }
  const events = (await native.ask("GET", "events?limit=1000")).json<NativePage>().items;
  return { server, people, nodes, events };
}

/** Those who ask: all is for the administrator, their own audit events and what is of their nodes for the others. */
export function askersOfWorld({ server, people, events }: FilledLog) {
  const idOf = ({ username }: Person) =>
    Number(events.find(({ action, target_name }) => action === "user.create" && target_name === username)?.target_id);
  return [
    { native: admin(server).native, username: "admin", isAdmin: true, userId: 1 },
    ...people.map((person) => ({
      native: person.native,
      username: person.username,
      isAdmin: false,
      userId: idOf(person),
    })),
  ];
}

type Asker = ReturnType<typeof askersOfWorld>[number];

export function isVisibleTo(
  event: NativeEvent,
  { isAdmin, userId, username }: Asker,
  nodes: FilledLog["nodes"],
): boolean {
  if (isAdmin) return true;
  if (event.level === "AUDIT") return event.user_id === userId;
  const node = nodes.get(event.node ?? "");
  return node !== undefined && (node.owner === null || node.owner === username);
}

/** Whether an event says what one filter asks for. */
function says(event: NativeEvent, [name, value]: FilterParameter, asker: Asker, nodes: FilledLog["nodes"]): boolean {
  const { target_kind: kind, target_id: id, target_name: targetName } = event;
  switch (name) {
    case "owner":
      return value === "" ? event.username === null : is(event.username, value);
    case "type":
      return is(event.type, value);
    case "ip":
      if (value === "0.0.0.0/0") return event.ip?.includes(".") === true;
      return value.includes("/") ? networkOf(event.ip ?? "") === value : event.ip === value;
    case "action":
      return value.endsWith(".*") ? event.action.startsWith(value.slice(0, -1)) : event.action === value;
    case "node":
      return is(event.node, value) || is(event.hostname, value);
    case "target": {
      const [given, ...rest] = value.split("/");
      if (rest.length === 0) return is(targetName, value) || is(id, value);
      return is(targetName, value) || (kind === given && is(targetName, rest.join("/")));
    }
    case "zone":
    case "pool":
    case "domain":
    case "mac_address":
    case "agent_name": {
      const node = nodes.get(event.node ?? "");
      const isSeen = asker.isAdmin || node?.owner === null || node?.owner === asker.username;
      return node !== undefined && isSeen && node[name] === value;
    }
    default:
      return event[name as keyof NativeEvent] === value;
  }
}

/** Nothing in the world has a star in its name. */
function is(text: string | null, value: string): boolean {
  return value.endsWith("*") ? text?.startsWith(value.slice(0, -1)) === true : text === value;
}

/** The world's addresses are IPv4. */
function networkOf(ip: string): string {
  return ip.replace(/\d+$/, "0/24");
}

export function matches(
  event: NativeEvent,
  parameters: readonly FilterParameter[],
  asker: Asker,
  nodes: FilledLog["nodes"],
): boolean {
  const wanted = Map.groupBy(
    parameters.filter(([name]) => name !== "exclude"),
    ([name]) => name,
  );
  const unwanted = parameters.filter(([name]) => name === "exclude").map(([, pair]) => splitPair(pair));
  return (
    wanted.values().every((ofOne) => ofOne.some((parameter) => says(event, parameter, asker, nodes))) &&
    !unwanted.some((parameter) => says(event, parameter, asker, nodes))
  );
}

function splitPair(pair: string): FilterParameter {
  const at = pair.indexOf(":");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** Filters made of what events say, so that most of them find something. */
export function filtersIn({ events, nodes }: FilledLog): fc.Arbitrary<readonly FilterParameter[]> {
  const term = fc
    .tuple(fc.constantFrom(...events), fc.constantFrom(...nodes.values()))
    .chain(([event, node]) =>
      fc.constantFrom<FilterParameter>(
        ["level", event.level],
        ["owner", event.username ?? ""],
        ["owner", `${event.username?.slice(0, 4) ?? ""}*`],
        ["type", event.type],
        ["type", `${event.type.slice(0, 6)}*`],
        ["action", event.action],
        ["action", `${event.action.split(".")[0]}.*`],
        ["outcome", event.outcome],
        ["source", event.source],
        ["ip", event.ip ?? "192.0.2.1"],
        ["ip", networkOf(event.ip ?? "192.0.2.1")],
        ["ip", "0.0.0.0/0"],
        ["node", event.node ?? "nosuch"],
        ["node", event.hostname ?? "stray"],
        ["node", `${(event.hostname ?? event.node)?.slice(0, 3) ?? ""}*`],
        ["target", event.target_name ?? "sda"],
        ["target", `${event.target_name?.slice(0, 3) ?? ""}*`],
        ["target", `${event.target_kind ?? "disk"}/${event.target_name?.slice(0, 2) ?? ""}*`],
        ["target", event.target_id ?? "1"],
        ["target", `${event.target_kind ?? "disk"}/${event.target_name ?? "sda"}`],
        ["trace_id", event.trace_id ?? "0".repeat(32)],
        ["session", event.session ?? "sha256:0123456789abcdef"],
        ["key", event.key ?? "sha256:0123456789abcdef"],
        ["zone", node.zone],
        ["pool", node.pool],
        ["domain", node.domain],
        ["mac_address", node.mac_address],
        ["agent_name", node.agent_name],
      ),
    );
  const exclusion = term.map(([name, value]): FilterParameter => ["exclude", `${name}:${value}`]);
  return fc.array(fc.oneof({ weight: 3, arbitrary: term }, { weight: 2, arbitrary: exclusion }), { maxLength: 5 });
}
