import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import type { Credentials } from "../../http/authentication/credentials.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import type { MirroredPerson } from "../../audit/actor.ts";
import { nativeUser, userSchema } from "../native-schemas.ts";
import { factorDue, trustedFactorPolicy } from "../second-factor/factor-policy.ts";
import type { User } from "../users/user.ts";
import { viewOrders } from "../../views/view.ts";
import { findOpeningView } from "../../views/view-queries.ts";
import { timeOrNull } from "../../http/native/time.ts";

/** Who is logged in, and what is wanted of them first. */
export const loggedInSchema = Type.Object({
  ...userSchema.properties,
  second_factor: Type.Enum(["on", "off", "wanted", "needed"], {
    description:
      "Whether you have one. `wanted`: not yet, and you must by `second_factor_due`. `needed`: set one up before anything else.",
  }),
  second_factor_due: timeOrNull("By when you must have one; null where you have one or need none."),
  realm: Type.Union([Type.String(), Type.Null()], {
    description: "The mirrored MAAS that knows you; null for an account of this server.",
  }),
  default_view: Type.Union(
    [
      Type.Object({
        id: Type.Integer(),
        filter: Type.String(),
        order: Type.Enum([...viewOrders], { description: "Which events come first." }),
      }),
      Type.Null(),
    ],
    { description: "The view that your events page opens with; null for all events." },
  ),
  reads_realm: Type.Boolean({ description: "Whether you see all events of that MAAS, as its administrators do." }),
});

export async function loggedIn(db: Database, user: User, now: number, credentials?: Credentials) {
  // Somebody else vouches for a session that has a factor, and whose user has none here.
  const isVouchedFor = credentials?.kind === "session" && credentials.factor.at !== null;
  const isOn = user.factorSince !== null;
  const due = isOn || isVouchedFor ? null : factorDue(await trustedFactorPolicy(db), user);
  const view = await findOpeningView(db, user.id);
  const state = isOn ? "on" : due === null ? "off" : due <= now ? "needed" : "wanted";
  return {
    ...nativeUser(user, user),
    second_factor: state,
    second_factor_due: rfc3339OrNull(due),
    realm: null,
    default_view: view === undefined ? null : { id: view.id, filter: view.filter, order: view.order },
    reads_realm: false,
  };
}

/** The same of somebody without an account here. What they may there, they may not here. */
export function mirroredLoggedIn({ realm, username, readsRealm }: MirroredPerson, now: number) {
  return {
    username,
    email: "",
    last_name: "",
    is_superuser: false,
    is_auditor: false,
    is_break_glass: false,
    has_password: null,
    is_active: true,
    created: rfc3339Micros(now),
    second_factor: "off" as const,
    second_factor_due: null,
    realm,
    default_view: null,
    reads_realm: readsRealm,
  };
}
