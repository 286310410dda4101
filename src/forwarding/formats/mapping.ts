import type { ActionName } from "../../audit/kinds.ts";

/** A class of OCSF by its number, and what was done by its number in that class. */
export interface OcsfKind {
  readonly class: OcsfClass;
  readonly activity: number;
}

/**
 * 0 base event, 3001 account change, 3002 authentication, 3004 entity management, 3005 user access, 3007 user management,
 * 6002 application lifecycle, 6003 API activity.
 */
export type OcsfClass = 0 | 3001 | 3002 | 3004 | 3005 | 3007 | 6002 | 6003;

export type OcsfVersion = "1.8.0" | "1.9.0-dev";

/** What ECS allows as types in each of the categories that are used here. */
interface EcsTypes {
  readonly api: "access" | "admin" | "change" | "creation" | "deletion" | "denied" | "info" | "user";
  readonly authentication: "start" | "end" | "info";
  readonly configuration: "access" | "change" | "creation" | "deletion" | "info";
  readonly host: "access" | "change" | "end" | "info" | "start";
  readonly iam: "admin" | "change" | "creation" | "deletion" | "group" | "info" | "user";
  readonly process: "change" | "end" | "info" | "start";
  readonly session: "start" | "end" | "info";
}

type EcsCategory = keyof EcsTypes;

/** How an event is classified by ECS. An event that fits no category has none. */
export interface EcsKind {
  readonly categories: readonly EcsCategory[];
  readonly types: readonly (EcsTypes[EcsCategory] | "error")[];
}

/** What a kind of event is in the words of those who receive it. */
export interface Mapping {
  readonly ocsf: Readonly<Record<OcsfVersion, OcsfKind>>;
  readonly ecs: EcsKind;
  /** As CEF counts, 0 to 10, for an event that tells of a success. */
  readonly severity: number;
  /** The same where it failed; unless given, 5 or what a success has, whichever is higher. */
  readonly failureSeverity?: number;
}

const both = (kind: OcsfKind): Mapping["ocsf"] => ({ "1.8.0": kind, "1.9.0-dev": kind });

function ecs<Category extends EcsCategory>(
  category: Category,
  ...types: readonly EcsTypes[NoInfer<Category>][]
): EcsKind {
  return { categories: [category], types };
}

/** Somebody proves who they are. */
const logon = (severity: number): Mapping => ({
  ocsf: both({ class: 3002, activity: 1 }),
  ecs: ecs("authentication", "start"),
  severity,
});
const logoff: Mapping = { ocsf: both({ class: 3002, activity: 2 }), ecs: ecs("authentication", "end"), severity: 2 };
/** A stage before the login is complete. */
const preauthentication: Mapping = {
  ocsf: both({ class: 3002, activity: 6 }),
  ecs: ecs("authentication", "info"),
  severity: 3,
};

/** An account is changed: the activity as 1.8 numbers it, and as the class that replaces it in 1.9 does. */
function account(
  [activity, later]: readonly [number, number],
  type: "change" | "creation" | "deletion",
  severity: number,
): Mapping {
  return {
    ocsf: { "1.8.0": { class: 3001, activity }, "1.9.0-dev": { class: 3007, activity: later } },
    ecs: ecs("iam", "user", type),
    severity,
  };
}

/** What somebody may do is changed. */
const privileges: Mapping = {
  ocsf: { "1.8.0": { class: 3005, activity: 1 }, "1.9.0-dev": { class: 3007, activity: 14 } },
  ecs: ecs("iam", "admin", "change"),
  severity: 6,
};

const entityActivities = {
  create: 1,
  read: 2,
  update: 3,
  delete: 4,
  rename: 5,
  enable: 8,
  suspend: 12,
  resume: 13,
} as const;

/** Something that is looked after is created, changed, deleted. */
const entity = (activity: keyof typeof entityActivities, ecs: EcsKind, severity: number): Mapping => ({
  ocsf: both({ class: 3004, activity: entityActivities[activity] }),
  ecs,
  severity,
});

const apiActivities = { create: 1, read: 2, update: 3, delete: 4, other: 99 } as const;

/** Something is asked of the server. */
const api = (activity: keyof typeof apiActivities, ecs: EcsKind, severity: number): Mapping => ({
  ocsf: both({ class: 6003, activity: apiActivities[activity] }),
  ecs,
  severity,
});

const applicationActivities = { start: 3, stop: 4, update: 8 } as const;

/** Ironlog itself starts, stops, is brought up to date. */
const application = (activity: keyof typeof applicationActivities, ecs: EcsKind, severity: number): Mapping => ({
  ocsf: both({ class: 6002, activity: applicationActivities[activity] }),
  ecs,
  severity,
});

const created = ecs("configuration", "creation");
const changed = ecs("configuration", "change");
const deleted = ecs("configuration", "deletion");
const noticed = ecs("configuration", "info");
const ownKeys = ecs("iam", "user", "change");
const machineChanged = ecs("host", "change");

/** Of what each kind of Ironlog's own events is. A new kind needs a row. */
export const mappings = {
  "auth.login": logon(3),
  "auth.logout": logoff,
  "auth.break_glass": logon(7),
  "auth.login.failure": logon(5),
  "auth.factor.ask": preauthentication,
  "auth.factor.renew": logon(3),
  "auth.key.failure": logon(5),
  "auth.login.blocked": logon(7),
  "user.password.change": account([3, 8], "change", 5),
  "user.password.reset": account([4, 9], "change", 5),
  "user.permission.change": privileges,
  "user.profile.update": entity("update", ecs("iam", "user", "change"), 4),
  "user.break_glass": privileges,
  "user.create": account([1, 1], "creation", 4),
  "user.delete": account([6, 3], "deletion", 4),
  "user.activate": account([2, 4], "change", 5),
  "user.deactivate": account([5, 5], "change", 5),
  "user.factor.begin": entity("update", ecs("iam", "user", "info"), 3),
  "user.factor.add": account([10, 12], "change", 4),
  "user.factor.remove": account([11, 13], "change", 5),
  "user.factor.reset": account([11, 13], "change", 6),
  "user.recovery_codes.create": entity("create", ownKeys, 5),
  "token.create": entity("create", ecs("iam", "admin", "creation"), 5),
  "token.delete": entity("delete", ecs("iam", "admin", "deletion"), 5),
  "token.rename": entity("rename", ecs("iam", "admin", "change"), 3),
  "session.end": {
    ocsf: both({ class: 3002, activity: 2 }),
    ecs: { categories: ["authentication", "session"], types: ["end"] },
    severity: 3,
  },
  "identity.link": entity("create", ownKeys, 5),
  "identity.unlink": entity("delete", ownKeys, 5),
  "provider.create": entity("create", created, 6),
  "provider.update": entity("update", changed, 6),
  "provider.delete": entity("delete", deleted, 6),
  "operation.refuse": api("other", ecs("api", "denied"), 5),
  "token.refuse": logon(5),
  "sshkey.create": entity("create", ownKeys, 4),
  "sshkey.import": entity("create", ownKeys, 4),
  "sshkey.delete": entity("delete", ownKeys, 4),
  "sslkey.create": entity("create", ownKeys, 4),
  "sslkey.delete": entity("delete", ownKeys, 4),
  "setting.update": entity("update", changed, 4),
  "script.create": entity("create", created, 5),
  "script.update": entity("update", changed, 5),
  "script.revert": entity("update", changed, 5),
  "script.tag": entity("update", changed, 3),
  "script.untag": entity("update", changed, 3),
  "script.delete": entity("delete", deleted, 5),
  "node.create": api("create", created, 3),
  "node.update": api("update", machineChanged, 3),
  "node.delete": api("delete", deleted, 6),
  "node.commission": api("update", machineChanged, 4),
  "node.acquire": api("update", machineChanged, 3),
  "node.deploy": api("update", machineChanged, 5),
  "node.power_on": api("update", ecs("host", "start"), 4),
  "node.power_off": api("update", ecs("host", "end"), 5),
  "node.release": api("update", machineChanged, 5),
  "node.abort": api("update", machineChanged, 4),
  "node.test": api("update", machineChanged, 3),
  "node.rescue_mode": api("update", machineChanged, 6),
  "node.exit_rescue_mode": api("update", machineChanged, 4),
  "node.mark_broken": api("update", machineChanged, 4),
  "node.mark_fixed": api("update", machineChanged, 4),
  "node.override_failed_testing": api("update", machineChanged, 5),
  "node.lock": api("update", machineChanged, 3),
  "node.unlock": api("update", machineChanged, 4),
  "node.tag": api("update", machineChanged, 3),
  "node.untag": api("update", machineChanged, 3),
  "zone.create": entity("create", created, 3),
  "zone.update": entity("update", changed, 3),
  "zone.delete": entity("delete", deleted, 4),
  "domain.create": entity("create", created, 3),
  "domain.update": entity("update", changed, 3),
  "domain.delete": entity("delete", deleted, 4),
  "pool.create": entity("create", created, 3),
  "pool.update": entity("update", changed, 3),
  "pool.delete": entity("delete", deleted, 4),
  "tag.create": entity("create", created, 3),
  "tag.update": entity("update", changed, 3),
  "tag.rename": entity("rename", changed, 3),
  "tag.delete": entity("delete", deleted, 3),
  // Somebody changed what is stored behind the log's back.
  "state.mismatch": entity("update", changed, 9),
  "state.more": entity("update", noticed, 2),
  "server.start": application("start", ecs("process", "start"), 3),
  "server.stop": application("stop", ecs("process", "end"), 4),
  "schema.migrate": application("update", changed, 4),
  "schema.grant": entity("update", changed, 6),
  "log.key.create": entity("create", created, 6),
  "log.identity.renew": entity("rename", changed, 7),
  "log.append.accept": entity("update", changed, 8),
  "log.append.key.use": entity("enable", changed, 6),
  "log.read": api("read", ecs("api", "access"), 2),
  "access.review": api("read", ecs("api", "access"), 3),
  "secrets.rotate": entity("update", changed, 5),
  "source.create": entity("create", created, 5),
  "source.update": entity("update", changed, 5),
  "source.delete": entity("delete", deleted, 6),
  "source.continue": entity("resume", changed, 5),
  "source.set_back": entity("update", changed, 7),
  "source.vanish": entity("delete", deleted, 8),
  "source.change": entity("update", changed, 8),
  "destination.create": entity("create", created, 6),
  "destination.update": entity("update", changed, 6),
  "destination.delete": entity("delete", deleted, 6),
  "destination.pause": entity("suspend", changed, 7),
  "destination.resume": entity("resume", changed, 5),
  "destination.replay": entity("update", changed, 6),
  "destination.test": entity("read", noticed, 3),
  "delivery.receipt": entity("read", noticed, 2),
  "delivery.stall": entity("suspend", changed, 8),
  "delivery.recover": entity("resume", changed, 4),
  "delivery.reject": entity("update", changed, 7),
  "delivery.resend": entity("update", changed, 4),
  "delivery.drop": entity("delete", deleted, 6),
  "view.create": entity("create", created, 2),
  "view.update": entity("update", changed, 2),
  "view.delete": entity("delete", deleted, 2),
  "view.default": entity("update", changed, 2),
  "rule.create": entity("create", created, 5),
  "rule.update": entity("update", changed, 5),
  "rule.delete": entity("delete", deleted, 5),
  "alert.raise": entity("create", noticed, 8),
  "alert.acknowledge": entity("update", changed, 3),
  "log.move": entity("update", changed, 7),
  "log.import": entity("create", created, 7),
  "log.backup": api("read", ecs("api", "access"), 4),
  "log.restore": entity("update", changed, 8),
  "log.verify": { ...entity("read", noticed, 2), failureSeverity: 9 },
  "log.verify.overrun": entity("read", noticed, 6),
  "log.sign.stop": entity("suspend", changed, 9),
  "log.sign.resume": entity("resume", changed, 5),
  "log.export": api("read", ecs("api", "access"), 5),
  "search.fault": entity("read", noticed, 6),
  "clock.step": entity("update", changed, 6),
} as const satisfies Readonly<Record<ActionName, Mapping>>;
