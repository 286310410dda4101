import { isIP } from "node:net";
import type { Database } from "../../database/database.ts";
import { limiterPrefix } from "../../http/request/client-address.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import type { Condition } from "./condition.ts";
import type { EventTerms, ResolvedFilter } from "./filter.ts";

// `auth.login.blocked` counts many attempts in one event. It has no user and no address of its own: its details list them.

export const isOfBlockedLogins: Condition = (eb) => eb("action", "=", eb.val("auth.login.blocked"));

/** A filter that asks for blocked logins only where there are any: without them one index decides who and from where. */
export async function withBlockedLogins(db: Database, filter: ResolvedFilter): Promise<ResolvedFilter> {
  if (filter.inBlockedLogins === undefined) return filter;
  const some = await db.selectFrom("event").select("id").where(isOfBlockedLogins).limit(1).executeTakeFirst();
  if (some !== undefined) return filter;
  const { inBlockedLogins: _none, ...rest } = filter;
  return rest;
}

/** Blocked logins whose details list one of these accounts. */
export function isBlockedLoginAt(names: readonly (string | null)[]): Condition {
  return isListed(textsOfNames(names));
}

/** Blocked logins whose details list one of these addresses: IPv6 addresses are counted and listed by their /64. */
export function isBlockedLoginFrom(ips: readonly string[]): Condition {
  return isListed(textsOfIps(ips));
}

/** What stands in the details of blocked logins that name one of these accounts or addresses. */
export function blockedLoginTextsOf({ usernames = [], ips = [] }: Pick<EventTerms, "usernames" | "ips">) {
  return { atNames: textsOfNames(usernames), fromIps: textsOfIps(ips) };
}

function textsOfNames(names: readonly (string | null)[]): readonly string[] {
  return textsOf(names.filter((name) => name !== null).map((name) => ({ name })));
}

function textsOfIps(ips: readonly string[]): readonly string[] {
  const prefixes = ips.filter((ip) => isIP(ip) !== 0).map(limiterPrefix);
  return textsOf([...new Set([...ips, ...prefixes])].map((address) => ({ address })));
}

/** Canonical JSON (RFC 8785) has one text for a member, and quotes inside a string are escaped: the text is found nowhere else. */
function textsOf(members: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return members.map((member) => canonicalJson(member).slice(1, -1));
}

function isListed(texts: readonly string[]): Condition {
  return (eb) =>
    eb.and([
      isOfBlockedLogins(eb),
      // Neither LIKE nor a JSON function: both differ from database to database.
      eb.or(
        texts.map((text) =>
          eb(eb.fn<string>("replace", ["details", eb.val(text), eb.val("")]), "!=", eb.ref("details")),
        ),
      ),
    ]);
}
