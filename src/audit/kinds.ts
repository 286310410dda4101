/** The stable names of event types, and the words that MAAS shows for them. */
export const eventTypes = {
  AUTHORISATION: "Authorisation",
  SETTINGS: "Settings",
} as const;

export type EventTypeName = keyof typeof eventTypes;

const authorisation = <Facts>(describe: (facts: Facts) => string) => ({ type: "AUTHORISATION" as const, describe });
const settings = <Facts>(describe: (facts: Facts) => string) => ({ type: "SETTINGS" as const, describe });

interface Named {
  readonly username: string;
}
interface NamedRole extends Named {
  readonly isSuperuser: boolean;
}

/** Everything that can be recorded, with its wording: the closed list of the contract (A2). */
export const eventKinds = {
  "auth.login": authorisation((e: Named) => `User '${e.username}' logged in.`),
  "auth.logout": authorisation((e: Named) => `User '${e.username}' logged out.`),
  "auth.login.failure": authorisation((e: { readonly username: string | null }) =>
    e.username === null ? "Login failed for an unknown user." : `Login failed for '${e.username}'.`,
  ),
  "auth.login.blocked": authorisation((e: { readonly attempts: number }) => `Blocked ${e.attempts} login attempts.`),
  "user.password.change": authorisation((e: Named) => `Password changed for '${e.username}'.`),
  "user.password.reset": authorisation((e: Named) => `Password changed for '${e.username}'.`),
  "user.permission.change": authorisation(
    (e: NamedRole) => `Permissions changed for '${e.username}': ${role(!e.isSuperuser)} -> ${role(e.isSuperuser)}.`,
  ),
  "user.profile.update": authorisation((e: Named & { readonly changed: readonly string[] }) =>
    e.changed.length === 0
      ? `User profile of '${e.username}' updated: no change.`
      : `User profile of '${e.username}' updated: ${e.changed.join(", ")}.`,
  ),
  "user.create": authorisation((e: NamedRole) => `Created ${role(e.isSuperuser)} '${e.username}'.`),
  "user.delete": authorisation((e: NamedRole) => `Deleted ${role(e.isSuperuser)} '${e.username}'.`),
  "user.activate": authorisation((e: Named) => `Activated user '${e.username}'.`),
  "user.deactivate": authorisation((e: Named) => `Deactivated user '${e.username}'.`),
  "token.create": authorisation(() => "Created token."),
  "token.delete": authorisation(() => "Deleted token."),
  "token.rename": authorisation(() => "Modified consumer name of token."),
  "session.end": authorisation(
    (e: Named & { readonly ended: number }) => `Ended ${e.ended} sessions of '${e.username}'.`,
  ),
  "operation.refuse": authorisation((e: { readonly operation: string }) => `Refused: ${e.operation}.`),
  "token.refuse": authorisation(() => "Refused a deleted or expired token."),
  "setting.update": settings((e: { readonly name: string; readonly value: string | undefined }) =>
    e.value === undefined
      ? `Updated configuration setting '${e.name}'.`
      : `Updated configuration setting '${e.name}' to '${e.value}'.`,
  ),
  "server.start": settings((e: { readonly version: string }) => `Started Ironlog ${e.version}.`),
  "server.stop": settings((e: { readonly version: string }) => `Stopped Ironlog ${e.version}.`),
  "schema.migrate": settings(
    (e: { readonly steps: readonly string[] }) => `Brought the database's tables up to date: ${e.steps.join(", ")}.`,
  ),
  "clock.step": settings((e: { readonly seconds: number }) => `The clock was set back by ${e.seconds} seconds.`),
} as const;

export type ActionName = keyof typeof eventKinds;
export type Facts<Name extends ActionName> = Parameters<(typeof eventKinds)[Name]["describe"]>[0];

/** How MAAS calls somebody who is an administrator, and somebody who isn't. */
function role(isSuperuser: boolean): "admin" | "user" {
  return isSuperuser ? "admin" : "user";
}
