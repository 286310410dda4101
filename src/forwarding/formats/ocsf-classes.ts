import { type EventParts, present } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import type { OcsfKind } from "./mapping.ts";

type Members = Readonly<Record<string, unknown>>;

/** What was done in fact: the kinds of a change of privileges tell giving from taking only in their details. */
export function kindOf({ details }: EventParts, kind: OcsfKind): OcsfKind {
  if (!changesPrivileges(kind)) return kind;
  const { given, taken } = changedPrivileges(details);
  // To take away is the number behind that for giving, in both classes.
  return given.length === 0 && taken.length > 0 ? { ...kind, activity: kind.activity + 1 } : kind;
}

function changesPrivileges(kind: OcsfKind): boolean {
  return kind.class === 3005 || (kind.class === 3007 && kind.activity >= 14);
}

/** The members that the event has as one of its class. */
export function classMembers(parts: EventParts, facts: LogFacts, kind: OcsfKind): Members {
  switch (kind.class) {
    case 0:
      return { actor: actorOf(parts), device: deviceOf(parts) };
    case 3002:
      return { ...userOf(parts), ...request(parts), ...logonOf(parts), service: { name: "ironlog" } };
    case 3001:
      return { ...userOf(parts), actor: actorOf(parts), ...request(parts) };
    case 3005:
    case 3007:
      return {
        ...userOf(parts),
        actor: actorOf(parts),
        ...request(parts),
        ...(changesPrivileges(kind) && { privileges: privilegesOf(parts) }),
      };
    case 3004:
      return { entity: entityOf(parts), actor: actorOf(parts), ...request(parts) };
    case 6002:
      return { app: { name: "Ironlog", vendor_name: "Ironlog", version: facts.version } };
    case 6003:
      return {
        actor: actorOf(parts),
        api: { operation: parts.event.action, service: { name: "ironlog", version: facts.version } },
        ...request(parts),
        // A command on the server itself, or what the server does by itself, has no address.
        src_endpoint: sourceOf(parts) ?? { hostname: facts.hostname },
        ...resourcesOf(parts),
      };
  }
}

/** Who is concerned: the account that was acted on, else who acted. */
function userOf({ event, targetUser }: EventParts): Members {
  if (targetUser !== undefined) return { user: present({ uid: targetUser.id, name: targetUser.name }) };
  return { user: actingUser(event) ?? { name: "unknown", type_id: 0 } };
}

function actingUser(event: EventParts["event"]): Members | undefined {
  const { username, user_id: id, realm, realm_user_id: realmId } = event;
  const uid = id ?? realmId;
  return present({ name: username, uid: uid === null ? null : String(uid), domain: username === null ? null : realm });
}

function actorOf({ event }: EventParts): Members {
  return {
    app_name: event.source === "ironlog" ? "Ironlog" : (event.reporter ?? event.source),
    ...present({
      user: actingUser(event),
      session: present({ uid: event.session, credential_uid: event.key }),
    }),
  };
}

function sourceOf({ address }: EventParts): Members | undefined {
  return present({ ip: address?.ip });
}

/** Where a request came from, and by what program it was made. */
function request(parts: EventParts): Members {
  return {
    ...present({
      src_endpoint: sourceOf(parts),
      http_request: present({ user_agent: parts.event.user_agent }),
    }),
  };
}

function logonOf({ event, address }: EventParts): Members {
  return {
    logon_type_id: 3,
    is_remote: address !== undefined,
    ...present({ session: present({ uid: event.session, credential_uid: event.key }) }),
  };
}

/** The machine that the event is about. */
function deviceOf({ event }: EventParts): Members {
  const machine = present({ hostname: event.hostname, uid: event.node }) ?? { name: event.source };
  return { type_id: 0, type: "Unknown", ...machine };
}

function entityOf({ event }: EventParts): Members {
  const entity = present({
    type: event.target_kind ?? (event.node === null ? null : "node"),
    uid: event.target_id ?? event.node,
    name: event.target_name ?? event.hostname,
  });
  // What concerns the log as a whole names nothing.
  return entity?.uid === undefined && entity?.name === undefined ? { ...entity, name: "ironlog" } : entity;
}

function resourcesOf({ event }: EventParts): Members {
  const target = present({ type: event.target_kind, uid: event.target_id, name: event.target_name });
  const node = present({ uid: event.node, hostname: event.hostname });
  const isSame = target?.uid !== undefined && target.uid === node?.uid;
  const resources = [target, isSame || node === undefined ? undefined : { type: "node", ...node }];
  const kept = resources.filter((resource) => resource !== undefined);
  return kept.length === 0 ? {} : { resources: kept };
}

function privilegesOf({ details }: EventParts): readonly string[] {
  const { given, taken } = changedPrivileges(details);
  const privileges = given.length > 0 ? given : taken;
  return privileges.length > 0 ? privileges : ["unknown"];
}

/** The privileges that details tell of, as `is_superuser: {old: false, new: true}`. */
function changedPrivileges(details: EventParts["details"]) {
  const given: string[] = [];
  const taken: string[] = [];
  for (const [name, change] of Object.entries(details ?? {})) {
    if (!name.startsWith("is_") || typeof change !== "object" || change === null || !("new" in change)) continue;
    (change.new === true ? given : taken).push(name.slice("is_".length));
  }
  return { given, taken };
}
