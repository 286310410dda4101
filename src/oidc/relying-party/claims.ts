import { parseEmail, parseLastName, parseUsername } from "../../accounts/users/user.ts";
import type { Provider } from "../provider.ts";

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

/** What somebody is to be here, as their claims have it. */
export type ClaimedRole = "administrator" | "auditor" | "user";

/** The values of a claim as text; none where it is missing. A name with dots leads into objects, unless a claim has it whole. */
export function claimValues(claims: Claims, name: string): readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : valueBelow(claims, name.split("."));
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => (typeof one === "string" || typeof one === "boolean" ? [String(one)] : []));
}

/** What the role claim makes of somebody; undefined where roles are given here. Without any of the values they are a user. */
export function claimedRole(claims: Claims, provider: Provider): ClaimedRole | undefined {
  const { roleClaim, administratorValue, auditorValue } = provider;
  if (roleClaim === "") return undefined;
  const values = claimValues(claims, roleClaim);
  if (administratorValue !== "" && values.includes(administratorValue)) return "administrator";
  return auditorValue !== "" && values.includes(auditorValue) ? "auditor" : "user";
}

/** Whether the provider says what it must say of everybody who may come in. */
export function isAllowed(claims: Claims, { requiredClaim, requiredValue }: Provider): boolean {
  return requiredClaim === "" || claimValues(claims, requiredClaim).includes(requiredValue);
}

/** The account that a first login creates. */
export interface ClaimedAccount {
  /** Undefined where the provider gives none that can be a username here. */
  readonly username: string | undefined;
  /** Empty where there is none, or where the provider says that nobody has verified it. */
  readonly email: string;
  readonly lastName: string;
}

export function claimedAccount(claims: Claims, { usernameClaim }: Provider): ClaimedAccount {
  const [username = ""] = claimValues(claims, usernameClaim);
  const [email = ""] = claims["email_verified"] === false ? [] : claimValues(claims, "email");
  const [name = ""] = claimValues(claims, "name");
  return {
    username: readable(username, parseUsername),
    email: readable(email, parseEmail) ?? "",
    lastName: readable(name, parseLastName) ?? "",
  };
}

/** The text where it can be what it is for; a name that can't keeps nobody out. */
function readable(text: string, parse: (text: string) => string): string | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function valueBelow(claims: unknown, path: readonly string[]): unknown {
  let at = claims;
  for (const part of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Claims)[part];
  }
  return at;
}
