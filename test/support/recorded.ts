import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Answer } from "./clients/http-client.ts";
import { allEvents, type NativeClient, type NativeEvent } from "./clients/native-client.ts";
import { twoPeople, type TwoPeople } from "./worlds/people.ts";
import type { WantedPerson } from "./worlds/world.ts";
import type { TestServer } from "./server.ts";

/** What a request says of itself, which its events must say too. */
export interface Trace {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
}

export function newTrace(by: "MAAS-trace-id" | "traceparent" = "MAAS-trace-id"): Trace {
  const id = randomBytes(16).toString("hex");
  const userAgent = `tests/${id.slice(0, 8)} (a test; like Mozilla/5.0)`;
  const header = by === "traceparent" ? `00-${id}-${randomBytes(8).toString("hex")}-01` : id;
  return { id, headers: { [by.toLowerCase()]: header, "user-agent": userAgent }, userAgent };
}

/** What one event must say, apart from what it shares with every event of its request. */
export interface Expected {
  readonly action: string;
  readonly description: string;
  readonly outcome?: "success" | "failure";
  readonly type?: string;
  readonly username: string | null;
  readonly user_id: number | null;
  readonly target_kind?: string | null;
  readonly target_id?: string | null;
  readonly target_name?: string | null;
  readonly details?: Readonly<Record<string, unknown>> | null;
}

/** The request that the events come from. */
export interface ExpectedOrigin {
  readonly trace: Trace;
  readonly ip: string;
  readonly endpoint: "UI" | "API" | "CLI";
}

/** Asserts that a request recorded exactly these events, in this order, with all of A3's fields. */
export async function assertRecorded(
  admin: NativeClient,
  origin: ExpectedOrigin,
  expected: readonly Expected[],
): Promise<readonly NativeEvent[]> {
  const events = (await allEvents(admin, { trace_id: origin.trace.id })).toReversed();
  assert.deepEqual(
    events.map(({ action, description }) => ({ action, description })),
    expected.map(({ action, description }) => ({ action, description })),
  );
  for (const [at, event] of events.entries()) {
    const wanted = expected[at];
    assert.ok(wanted !== undefined);
    const { type = "AUTHORISATION", outcome = "success" } = wanted;
    const shared = {
      level: "AUDIT",
      type,
      type_words: type === "AUTHORISATION" ? "Authorisation" : "Settings",
      outcome,
      source: "ironlog",
      ip: origin.ip,
      user_agent: origin.trace.userAgent,
      endpoint: origin.endpoint,
      trace_id: origin.trace.id,
      node: null,
      hostname: null,
    };
    for (const [name, value] of Object.entries({ ...shared, ...wanted })) {
      assert.deepEqual(event[name as keyof NativeEvent], value, `${event.action}: ${name}`);
    }
    assert.match(event.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.ok(Math.abs(Date.parse(event.created) - Date.now()) < 60_000, event.created);
  }
  return events;
}

/** The id of a user, by the events that made them. */
export async function userIdOf(admin: NativeClient, username: string): Promise<number> {
  const [created] = await allEvents(admin, { action: "user.create", target: username });
  assert.ok(created !== undefined, `no event tells of the creation of ${username}`);
  return Number(created.target_id);
}

/** Two people, and what their events share. */
export interface RecordedPeople extends TwoPeople {
  readonly rootIp: string;
  /** What the events of the person's own acts share. */
  readonly own: { readonly username: string; readonly user_id: number };
  /** What the events of acts on the person share. */
  readonly target: { readonly target_kind: "user"; readonly target_id: string; readonly target_name: string };
  /** What the events of the administrator's acts share. */
  readonly asRoot: { readonly username: string; readonly user_id: number };
}

export async function recordedPeople(server: TestServer, wanted: WantedPerson = {}): Promise<RecordedPeople> {
  const people = await twoPeople(server, wanted);
  const { root, person } = people;
  const id = await userIdOf(root.native, person.username);
  return {
    ...people,
    rootIp: root.from,
    own: { username: person.username, user_id: id },
    target: { target_kind: "user", target_id: String(id), target_name: person.username },
    asRoot: { username: root.username, user_id: await userIdOf(root.native, root.username) },
  };
}

/** Asks with what the origin says of itself. */
export function askAs(
  client: NativeClient,
  origin: ExpectedOrigin,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return client.ask(method, path, body, { headers: origin.trace.headers });
}
