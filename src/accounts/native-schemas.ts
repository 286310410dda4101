import { Type } from "typebox";
import { type ActingUser, readsAll } from "../audit/actor.ts";
import { rfc3339Micros, rfc3339OrNull } from "../time.ts";
import type { Session } from "./sessions/session.ts";
import type { User } from "./users/user.ts";
import type { UserActivity } from "./users/user-activity.ts";
import { timeOrNull } from "../http/native/time.ts";

/** A user as the native API shows one. */
export const userSchema = Type.Object({
  username: Type.String(),
  email: Type.String({ description: "Empty where it isn't yours to see." }),
  last_name: Type.String(),
  is_superuser: Type.Boolean({ description: "An administrator." }),
  is_auditor: Type.Boolean({ description: "An auditor: reads everything, and changes nothing but their own account." }),
  is_break_glass: Type.Boolean({ description: "Logs in with a password also where password login is closed." }),
  has_password: Type.Union([Type.Boolean(), Type.Null()], {
    description:
      "False for an account that a sign-in provider made, until a password is set. Null where it isn't yours to see.",
  }),
  is_active: Type.Boolean({ description: "May log in." }),
  created: Type.String({ format: "date-time" }),
});

const count = Type.Union([Type.Integer(), Type.Null()]);

/** The same with what a list of users is looked at for. */
export const seenUserSchema = Type.Object({
  ...userSchema.properties,
  last_seen: timeOrNull(
    "Their last recorded act or, to the minute, the last use of a session or, to the hour, of an API key. Null for never. This and the counts are null where they aren't yours to see.",
  ),
  api_keys: count,
  ssh_keys: count,
  ssl_keys: count,
  second_factor: Type.Union([Type.Boolean(), Type.Null()], {
    description: "Whether they have a second factor; null where it isn't yours to see.",
  }),
});

/** One's own account. */
export const accountSchema = Type.Object({
  ...userSchema.properties,
  last_login: timeOrNull("Null for never: an API key needs no login."),
});

export const sessionSchema = Type.Object({
  id: Type.Integer(),
  created: Type.String({ format: "date-time" }),
  last_used: Type.String({ format: "date-time", description: "To the minute." }),
  expires: Type.String({ format: "date-time" }),
  ip: Type.Union([Type.String(), Type.Null()], { description: "From where it was opened." }),
  last_ip: Type.Union([Type.String(), Type.Null()], {
    description: "From where it was used last; of each address one use a minute is noted.",
  }),
  fingerprint: Type.String({ description: "As events name it." }),
  user_agent: Type.String(),
  is_by_provider: Type.Boolean({ description: "Opened through a sign-in provider, and not with a password." }),
  is_current: Type.Boolean({ description: "The one that asks." }),
});

type Viewer = Pick<ActingUser, "id" | "isSuperuser" | "isAuditor">;

/** Whether somebody is told what of a user others aren't. */
export function maySeeAll(shown: User, viewer: Viewer): boolean {
  return readsAll(viewer) || viewer.id === shown.id;
}

/** `viewer` sees their own e-mail address; administrators and auditors see everybody's. */
export function nativeUser(shown: User, viewer: Viewer) {
  return {
    username: shown.username,
    email: maySeeAll(shown, viewer) ? shown.email : "",
    last_name: shown.lastName,
    is_superuser: shown.isSuperuser,
    is_auditor: shown.isAuditor,
    is_break_glass: maySeeAll(shown, viewer) && shown.isBreakGlass,
    has_password: maySeeAll(shown, viewer) ? shown.hasPassword : null,
    is_active: shown.isActive,
    created: rfc3339Micros(shown.created),
  };
}

/** The same holds for what they have been doing. */
export function nativeSeenUser(shown: User, activity: UserActivity | undefined, viewer: Viewer) {
  const seen = maySeeAll(shown, viewer) ? activity : undefined;
  return {
    ...nativeUser(shown, viewer),
    last_seen: rfc3339OrNull(seen?.lastSeen ?? null),
    api_keys: seen?.apiKeys ?? null,
    ssh_keys: seen?.sshKeys ?? null,
    ssl_keys: seen?.sslKeys ?? null,
    second_factor: maySeeAll(shown, viewer) ? shown.factorSince !== null : null,
  };
}

export function nativeAccount(own: User, lastLogin: number | null) {
  return { ...nativeUser(own, own), last_login: rfc3339OrNull(lastLogin) };
}

export function nativeSession(session: Session, currentId: number | undefined) {
  return {
    id: session.id,
    created: rfc3339Micros(session.created),
    last_used: rfc3339Micros(session.lastUsed),
    expires: rfc3339Micros(session.expires),
    ip: session.ip,
    last_ip: session.lastIp,
    fingerprint: session.fingerprint,
    user_agent: session.userAgent,
    is_by_provider: session.isByProvider,
    is_current: session.id === currentId,
  };
}
