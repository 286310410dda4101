import {
  type Hosted,
  type Called,
  type Changed,
  type Named,
  type NamedRole,
  type Identified,
  type Rows,
  type DeliveredTo,
  type DeadLetters,
  type Verified,
  type RoleName,
  exportFormatWords,
  roleName,
  readInWords,
  rowsInWords,
  deadLettersInWords,
  list,
} from "./kind-words.ts";

/** The stable names of event types, and the words that MAAS shows for them. */
export const eventTypes = {
  AUTHORISATION: "Authorisation",
  SETTINGS: "Settings",
  NODE: "Node",
  ZONES: "Zones",
  NETWORKING: "Networking",
  TAG: "Tag",
} as const;

export type EventTypeName = keyof typeof eventTypes;

const authorisation = <Facts>(describe: (facts: Facts) => string) => ({ type: "AUTHORISATION" as const, describe });
const settings = <Facts>(describe: (facts: Facts) => string) => ({ type: "SETTINGS" as const, describe });

const nodeKind = <Facts>(describe: (facts: Facts) => string) => ({ type: "NODE" as const, describe });
const zones = <Facts>(describe: (facts: Facts) => string) => ({ type: "ZONES" as const, describe });
const networking = <Facts>(describe: (facts: Facts) => string) => ({ type: "NETWORKING" as const, describe });
const tags = <Facts>(describe: (facts: Facts) => string) => ({ type: "TAG" as const, describe });

/** Everything that can be recorded, with its wording: the closed list of the contract (A2). */
export const eventKinds = {
  "auth.login": authorisation((e: Named) => `User '${e.username}' logged in.`),
  "auth.logout": authorisation((e: Named) => `User '${e.username}' logged out.`),
  "auth.break_glass": authorisation((e: Named) => `Break-glass account '${e.username}' logged in.`),
  "auth.login.failure": authorisation((e: { readonly username: string | null }) =>
    e.username === null ? "Login failed for an unknown user." : `Login failed for '${e.username}'.`,
  ),
  "auth.factor.ask": authorisation((e: Named) => `Asked '${e.username}' for a second factor: the password was right.`),
  "auth.factor.renew": authorisation((e: Named) => `User '${e.username}' gave a second factor again.`),
  "auth.key.failure": authorisation((e: Called) => `Failed login with an API key of MAAS '${e.name}'.`),
  "auth.login.blocked": authorisation((e: { readonly attempts: number }) => `Blocked ${e.attempts} login attempts.`),
  "user.password.change": authorisation((e: Named) => `Password changed for '${e.username}'.`),
  "user.password.reset": authorisation((e: Named) => `Password changed for '${e.username}'.`),
  "user.permission.change": authorisation(
    (e: NamedRole & { readonly was: RoleName }) =>
      `Permissions changed for '${e.username}': ${e.was} -> ${roleName(e)}.`,
  ),
  "user.profile.update": authorisation((e: Named & { readonly changed: readonly string[] }) =>
    e.changed.length === 0
      ? `User profile of '${e.username}' updated: no change.`
      : `User profile of '${e.username}' updated: ${e.changed.join(", ")}.`,
  ),
  "user.break_glass": authorisation((e: Named & { readonly isBreakGlass: boolean }) =>
    e.isBreakGlass
      ? `Made '${e.username}' a break-glass account.`
      : `'${e.username}' is a break-glass account no more.`,
  ),
  "user.create": authorisation((e: NamedRole) => `Created ${roleName(e)} '${e.username}'.`),
  "user.delete": authorisation((e: NamedRole) => `Deleted ${roleName(e)} '${e.username}'.`),
  "user.activate": authorisation((e: Named) => `Activated user '${e.username}'.`),
  "user.deactivate": authorisation((e: Named) => `Deactivated user '${e.username}'.`),
  "user.factor.begin": authorisation((e: Named) => `Began to set up a second factor for '${e.username}'.`),
  "user.factor.add": authorisation((e: Named & Called) => `Added second factor '${e.name}' of '${e.username}'.`),
  "user.factor.remove": authorisation((e: Named & Called) => `Removed second factor '${e.name}' of '${e.username}'.`),
  "user.factor.reset": authorisation((e: Named) => `Removed all second factors of '${e.username}'.`),
  "user.recovery_codes.create": authorisation((e: Named) => `Made recovery codes for '${e.username}'.`),
  "token.create": authorisation(() => "Created token."),
  "token.delete": authorisation(() => "Deleted token."),
  "token.rename": authorisation(() => "Modified consumer name of token."),
  "session.end": authorisation(
    (e: Named & { readonly ended: number }) => `Ended ${e.ended} sessions of '${e.username}'.`,
  ),
  "identity.link": authorisation((e: Identified) => `Linked '${e.username}' to an identity at '${e.issuer}'.`),
  "identity.unlink": authorisation((e: Identified) => `Unlinked '${e.username}' from an identity at '${e.issuer}'.`),
  "provider.create": authorisation((e: Called) => `Created sign-in provider '${e.name}'.`),
  "provider.update": authorisation(
    (e: Called & Changed) => `Updated sign-in provider '${e.name}': ${list(e.changed)}.`,
  ),
  "provider.delete": authorisation((e: Called) => `Deleted sign-in provider '${e.name}'.`),
  "operation.refuse": authorisation((e: { readonly operation: string }) => `Refused: ${e.operation}.`),
  "token.refuse": authorisation(() => "Refused a deleted or expired token."),
  "sshkey.create": authorisation(() => "Created SSH key."),
  "sshkey.import": authorisation(() => "Imported SSH keys."),
  "sshkey.delete": authorisation((e: { readonly id: number }) => `Deleted SSH key id='${e.id}'.`),
  "sslkey.create": authorisation(() => "Created SSL key."),
  "sslkey.delete": authorisation((e: { readonly id: number }) => `Deleted SSL key id='${e.id}'.`),
  "setting.update": settings((e: { readonly name: string; readonly value: string | undefined }) =>
    e.value === undefined
      ? `Updated configuration setting '${e.name}'.`
      : `Updated configuration setting '${e.name}' to '${e.value}'.`,
  ),
  "script.create": settings((e: Called) => `Saved script '${e.name}'.`),
  "script.update": settings((e: Called) => `Saved script '${e.name}'.`),
  "script.revert": settings(
    (e: Called & { readonly to: number }) => `Reverted script '${e.name}' to revision '${e.to}'.`,
  ),
  "script.tag": settings((e: Called & { readonly tag: string }) => `Added tag '${e.tag}' to script '${e.name}'.`),
  "script.untag": settings((e: Called & { readonly tag: string }) => `Removed tag '${e.tag}' from script '${e.name}'.`),
  "script.delete": settings((e: Called) => `Deleted script '${e.name}'.`),
  "node.create": nodeKind((e: Hosted & { readonly type: string }) => `Added the '${e.type}' '${e.hostname}'.`),
  "node.update": nodeKind(
    (e: Hosted & Changed & { readonly type: string }) => `Updated the '${e.type}' '${e.hostname}': ${list(e.changed)}.`,
  ),
  "node.delete": nodeKind((e: Hosted & { readonly type: string }) => `Deleted the '${e.type}' '${e.hostname}'.`),
  "node.commission": nodeKind((e: Hosted) => `Started commissioning on '${e.hostname}'.`),
  "node.acquire": nodeKind((e: Hosted) => `Acquired '${e.hostname}'.`),
  "node.deploy": nodeKind((e: Hosted) => `Started deploying '${e.hostname}'.`),
  "node.power_on": nodeKind((e: Hosted) => `Powered on '${e.hostname}'.`),
  "node.power_off": nodeKind((e: Hosted) => `Powered off '${e.hostname}'.`),
  "node.release": nodeKind((e: Hosted) => `Started releasing '${e.hostname}'.`),
  "node.abort": nodeKind((e: Hosted & { readonly aborted: string }) => `Aborted '${e.aborted}' on '${e.hostname}'.`),
  "node.test": nodeKind((e: Hosted) => `Started testing on '${e.hostname}'.`),
  "node.rescue_mode": nodeKind((e: Hosted) => `Started rescue mode on '${e.hostname}'.`),
  "node.exit_rescue_mode": nodeKind((e: Hosted) => `Exited rescue mode on '${e.hostname}'.`),
  "node.mark_broken": nodeKind((e: Hosted) => `Marked '${e.hostname}' broken.`),
  "node.mark_fixed": nodeKind((e: Hosted) => `Marked '${e.hostname}' fixed.`),
  "node.override_failed_testing": nodeKind((e: Hosted) => `Overrode failed testing on '${e.hostname}'.`),
  "node.lock": nodeKind((e: Hosted) => `Locked '${e.hostname}'.`),
  "node.unlock": nodeKind((e: Hosted) => `Unlocked '${e.hostname}'.`),
  "node.tag": nodeKind((e: Hosted) => `Tagging '${e.hostname}'.`),
  "node.untag": nodeKind((e: Hosted) => `Untagging '${e.hostname}'.`),
  "zone.create": zones((e: Called) => `Created zone '${e.name}'.`),
  "zone.update": zones((e: Called & Changed) => `Updated zone '${e.name}': ${list(e.changed)}.`),
  "zone.delete": zones((e: Called) => `Deleted zone '${e.name}'.`),
  "domain.create": networking((e: Called) => `Created domain '${e.name}'.`),
  "domain.update": networking((e: Called & Changed) => `Updated domain '${e.name}': ${list(e.changed)}.`),
  "domain.delete": networking((e: Called) => `Deleted domain '${e.name}'.`),
  "pool.create": settings((e: Called) => `Created pool '${e.name}'.`),
  "pool.update": settings((e: Called & Changed) => `Updated pool '${e.name}': ${list(e.changed)}.`),
  "pool.delete": settings((e: Called) => `Deleted pool '${e.name}'.`),
  "tag.create": tags((e: Called) => `Tag '${e.name}' created.`),
  "tag.update": tags((e: Called) => `Tag '${e.name}' updated.`),
  "tag.rename": tags((e: Called & { readonly newName: string }) => `Tag '${e.name}' renamed to '${e.newName}'.`),
  "tag.delete": tags((e: Called) => `Tag '${e.name}' deleted.`),
  "state.mismatch": settings(
    (e: { readonly table: string }) => `A row of '${e.table}' differs from what the log committed to.`,
  ),
  "state.more": settings((e: { readonly event: number }) => `More rows of event ${e.event}.`),
  "server.start": settings((e: { readonly version: string }) => `Started Ironlog ${e.version}.`),
  "server.stop": settings((e: { readonly version: string }) => `Stopped Ironlog ${e.version}.`),
  "schema.migrate": settings(
    (e: { readonly steps: readonly string[] }) => `Brought the database's tables up to date: ${e.steps.join(", ")}.`,
  ),
  "schema.grant": settings((e: { readonly role: string }) => `Granted ${e.role} the right to serve.`),
  "log.key.create": settings((e: { readonly origin: string }) => `Created the key of the log '${e.origin}'.`),
  "log.identity.renew": settings(
    (e: { readonly origin: string; readonly old: string }) => `The log '${e.old}' goes on as '${e.origin}'.`,
  ),
  "log.append.accept": settings(
    (e: { readonly to: number; readonly reason: string }) => `Accepted the head at event ${e.to}: ${e.reason}`,
  ),
  "log.append.key.use": settings((e: { readonly key: string }) => `Append key '${e.key}' is in use.`),
  "log.read": authorisation(
    (e: Named & { readonly counts: Readonly<Record<"query" | "proof" | "stream", number>> }) =>
      `'${e.username}' read the log: ${readInWords(e.counts)}.`,
  ),
  "access.review": authorisation(() => "Made an access review."),
  "secrets.rotate": settings(
    (e: { readonly key: string; readonly sealed: number }) =>
      `Sealed ${e.sealed} ${e.sealed === 1 ? "secret" : "secrets"} with the key '${e.key}'.`,
  ),
  "source.create": settings((e: Called) => `Created source '${e.name}'.`),
  "source.update": settings((e: Called & Changed) => `Updated source '${e.name}': ${list(e.changed)}.`),
  "source.delete": settings((e: Called) => `Deleted source '${e.name}'.`),
  "source.continue": settings(
    (e: Called & { readonly generation: number }) => `Source '${e.name}' goes on with generation ${e.generation}.`,
  ),
  "source.set_back": settings(
    (e: Called & { readonly reason: string }) => `Source '${e.name}' was set back: ${e.reason}.`,
  ),
  "source.vanish": settings((e: Called & Rows) => `Vanished at source '${e.name}': ${rowsInWords(e)}.`),
  "source.change": settings((e: Called & Rows) => `Changed at source '${e.name}': ${rowsInWords(e)}.`),
  "destination.create": settings((e: Called) => `Created destination '${e.name}'.`),
  "destination.update": settings((e: Called & Changed) => `Updated destination '${e.name}': ${list(e.changed)}.`),
  "destination.delete": settings((e: Called) => `Deleted destination '${e.name}'.`),
  "destination.pause": settings((e: Called & { readonly why: string }) => `Paused destination '${e.name}': ${e.why}.`),
  "destination.resume": settings((e: Called) => `Resumed destination '${e.name}'.`),
  "destination.replay": settings(
    (e: Called & { readonly after: number }) => `Destination '${e.name}' goes on behind event ${e.after}.`,
  ),
  "destination.test": settings((e: Called) => `Sent a test to destination '${e.name}'.`),
  "delivery.receipt": settings((e: Called & DeliveredTo) => `DeliveredTo to '${e.name}' up to event ${e.event}.`),
  "delivery.stall": settings(
    (e: Called & DeliveredTo) => `Delivery to '${e.name}' has stalled: it has events up to ${e.event}.`,
  ),
  "delivery.recover": settings(
    (e: Called & DeliveredTo) => `Delivery to '${e.name}' goes on: it has events up to ${e.event}.`,
  ),
  "delivery.reject": settings(
    (e: Called & Rows & { readonly count: number }) => `'${e.name}' refused ${e.count} of ${rowsInWords(e)} for good.`,
  ),
  "delivery.resend": settings((e: Called & DeadLetters) => `Sends again to '${e.name}': ${deadLettersInWords(e)}.`),
  "delivery.drop": settings((e: Called & DeadLetters) => `Dropped for '${e.name}': ${deadLettersInWords(e)}.`),
  "view.create": settings((e: Called) => `Created view '${e.name}'.`),
  "view.update": settings((e: Called & Changed) => `Updated view '${e.name}': ${list(e.changed)}.`),
  "view.delete": settings((e: Called) => `Deleted view '${e.name}'.`),
  "view.default": settings((e: { readonly name: string | null }) =>
    e.name === null ? "Events open without a view." : `Events open with view '${e.name}'.`,
  ),
  "rule.create": settings((e: Called) => `Created rule '${e.name}'.`),
  "rule.update": settings((e: Called & Changed) => `Updated rule '${e.name}': ${list(e.changed)}.`),
  "rule.delete": settings((e: Called) => `Deleted rule '${e.name}'.`),
  "alert.raise": settings((e: { readonly title: string; readonly of: string | null }) =>
    e.of === null ? `Alert: ${e.title}.` : `Alert: ${e.title}: ${e.of}.`,
  ),
  "alert.acknowledge": settings(
    (e: Called & { readonly id: number }) => `Acknowledged alert ${e.id} of rule '${e.name}'.`,
  ),
  "log.move": settings(() => "Moved the log to another database."),
  "log.import": settings(() => "Took over the log from another database."),
  "log.backup": settings(() => "Made a backup of the log and all else."),
  "log.restore": settings(() => "Restored the log and all else from a backup."),
  "log.verify": settings((e: Verified) =>
    e.reason !== null
      ? `Could not verify the log: ${e.reason}.`
      : `Verified ${e.size} events: ${e.faults === 0 ? "no fault" : `${e.faults} faults`}.`,
  ),
  "log.verify.overrun": settings(
    (e: { readonly hours: number }) => `A verification took longer than ${e.hours} hours.`,
  ),
  "log.sign.stop": settings((e: { readonly reason: string }) => `Signing stopped: ${e.reason}.`),
  "log.sign.resume": settings(() => "Signing resumed."),
  "log.export": settings(
    (e: { readonly format: keyof typeof exportFormatWords }) => `Exported events as ${exportFormatWords[e.format]}.`,
  ),
  "search.fault": settings(() => "The search index differed from the log: rebuilt."),
  "clock.step": settings((e: { readonly seconds: number }) => `The clock was set back by ${e.seconds} seconds.`),
} as const;

export type ActionName = keyof typeof eventKinds;
export type Facts<Name extends ActionName> = Parameters<(typeof eventKinds)[Name]["describe"]>[0];
