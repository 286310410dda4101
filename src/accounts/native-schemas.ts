import { Type } from "typebox";
import { rfc3339Micros } from "../verifiable-log/leaf.ts";
import type { Session } from "./session.ts";
import type { User } from "./user.ts";

/** A user as the native API shows one. */
export const userSchema = Type.Object({
  username: Type.String(),
  email: Type.String({ description: "Empty where it isn't yours to see." }),
  last_name: Type.String(),
  is_superuser: Type.Boolean({ description: "An administrator." }),
  is_active: Type.Boolean({ description: "May log in." }),
  created: Type.String({ format: "date-time" }),
});

export const sessionSchema = Type.Object({
  id: Type.Integer(),
  created: Type.String({ format: "date-time" }),
  last_used: Type.String({ format: "date-time", description: "To the minute." }),
  expires: Type.String({ format: "date-time" }),
  ip: Type.Union([Type.String(), Type.Null()]),
  user_agent: Type.String(),
  is_current: Type.Boolean({ description: "The one that asks." }),
});

/** `viewer` sees their own e-mail address; administrators see everybody's. */
export function nativeUser(shown: User, viewer: { readonly id: number; readonly isSuperuser: boolean }) {
  return {
    username: shown.username,
    email: viewer.isSuperuser || viewer.id === shown.id ? shown.email : "",
    last_name: shown.lastName,
    is_superuser: shown.isSuperuser,
    is_active: shown.isActive,
    created: rfc3339Micros(shown.created),
  };
}

export function nativeSession(session: Session, currentId: number | undefined) {
  return {
    id: session.id,
    created: rfc3339Micros(session.created),
    last_used: rfc3339Micros(session.lastUsed),
    expires: rfc3339Micros(session.expires),
    ip: session.ip,
    user_agent: session.userAgent,
    is_current: session.id === currentId,
  };
}
