import { committedRow } from "../../../src/audit/event-row.ts";
import { type ActionName, eventKinds } from "../../../src/audit/kinds.ts";
import type { EventTable } from "../../../src/database/tables.ts";
import { levelNumbers } from "../../../src/events/filter/level.ts";
import { canonicalJson } from "../../../src/verifiable-log/canonical-json.ts";
import type { EventContents } from "../../../src/verifiable-log/event-fields.ts";

/** What the log, whose events these are, says of itself. */
export const sampleFacts = { origin: "ironlog.example/audit", version: "1.0.0", hostname: "audit.example" };

const contents: EventContents = {
  id: 2570,
  level: 0,
  type: "AUTHORISATION",
  action: "auth.login",
  outcome: "success",
  source: "ironlog",
  created: Date.UTC(2018, 1, 1, 22, 28, 18) * 1000 + 123,
  occurred: null,
  username: "ada",
  user_id: 7,
  ip: "192.0.2.7",
  user_agent: "curl/8.5",
  endpoint: "API",
  trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
  forwarded: null,
  reporter_id: null,
  reporter: null,
  session: "0011223344556677",
  key: null,
  target_kind: null,
  target_id: null,
  target_name: null,
  description: "User 'ada' logged in.",
  details: null,
  node: null,
  hostname: null,
  generation: null,
  source_event_id: null,
  source_type: null,
  source_type_words: null,
  realm: null,
  realm_user_id: null,
  state: null,
};

/** The row of an event in which only what is given differs from a login. */
export function sampleEvent(differences: Partial<EventContents> = {}): EventTable {
  return committedRow({ ...contents, ...differences });
}

/** The same with values that no row may hold: they don't go through the log's hashes. */
export function rawEvent(differences: Partial<EventContents>): EventTable {
  return { ...sampleEvent(), ...differences };
}

const byAll = Object.keys(eventKinds) as ActionName[];

/** An event of each kind, by somebody on something, and one of the machine itself; then those of other programs. */
export function everySample(): readonly EventTable[] {
  const kinds = byAll.flatMap((action, at) => {
    const target = { target_kind: action.split(".")[0] ?? "", target_id: String(at), target_name: `name ${at}` };
    const node = action.startsWith("node.") ? { node: "4y3h7n", hostname: "rack-7" } : {};
    const common = { action, type: eventKinds[action].type, description: `Did ${action}.` };
    const details = canonicalJson({ is_superuser: { old: false, new: true }, reason: "because" });
    return [
      sampleEvent({ id: 1000 + at, ...common, ...target, ...node, details }),
      sampleEvent({
        id: 2000 + at,
        ...common,
        ...target,
        ...node,
        outcome: "failure",
        ip: "2001:db8::7",
        user_id: null,
      }),
      sampleEvent({ id: 3000 + at, ...common, ...nobody }),
    ];
  });
  return [...kinds, ...otherPrograms()];
}

/** What the server does by itself. */
const nobody = {
  username: null,
  user_id: null,
  ip: null,
  user_agent: null,
  trace_id: null,
  session: null,
  endpoint: null,
};

/** Events that are reported, and such of a mirrored MAAS, of each level. */
export function otherPrograms(): readonly EventTable[] {
  return Object.values(levelNumbers).flatMap((level) => [
    sampleEvent({
      id: 5000 + level,
      level,
      source: "external",
      type: "SSH_LOGIN_FAILED",
      action: "ssh.login.failed",
      outcome: level === levelNumbers.ERROR ? "failure" : "success",
      occurred: contents.created - 5_000_000,
      user_id: null,
      reporter_id: 9,
      reporter: "collector",
      node: "4y3h7n",
      hostname: "rack-7",
      target_name: "sshd",
    }),
    sampleEvent({
      id: 6000 + level,
      level,
      source: "maas:west",
      type: "AUTHORISATION",
      action: "maas.authorisation",
      description: "Logged in %(username)s.",
      occurred: contents.created - 9_000_000,
      user_id: null,
      ip: "fe80::1%eth0",
      trace_id: null,
      session: null,
      generation: 0,
      source_event_id: 17 + level,
      source_type: "AUTHORISATION",
      source_type_words: "Authorisation",
      realm: "west",
      realm_user_id: 3,
    }),
  ]);
}
