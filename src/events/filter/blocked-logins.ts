import { isIP } from "node:net";
import type { Database } from "../../database/database.ts";
import { limiterPrefix } from "../../http/request/client-address.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import type { Condition } from "./condition.ts";
import type { EventFilter, EventTerms } from "./filter.ts";
import { type BlockedLoginTexts, listedIn, type ListedTexts } from "./values/listed-addresses.ts";

// `auth.login.blocked` counts many attempts in one event. It has no user and no address of its own: its details list them.

export const isOfBlockedLogins: Condition = (eb) => eb("action", "=", eb.val("auth.login.blocked"));

/** Where a filter asks for blocked logins and there are any; undefined elsewhere: one index then decides who and from where. */
export async function findBlockedLoginTexts(
  db: Database,
  filter: Pick<EventFilter, "inBlockedLogins"> & EventTerms,
): Promise<BlockedLoginTexts | undefined> {
  if (filter.inBlockedLogins === undefined) return undefined;
  const some = await db.selectFrom("event").select("id").where(isOfBlockedLogins).limit(1).executeTakeFirst();
  return some === undefined ? undefined : blockedLoginTextsOf(filter);
}

export function blockedLoginTextsOf(terms: EventTerms): BlockedLoginTexts {
  const { usernames = [], usernamePrefixes = [], ips = [], ipRanges = [] } = terms;
  return {
    atNames: [
      ...usernames.filter((name) => name !== null).map((name) => exactly({ name })),
      ...usernamePrefixes.map((name) => ({ start: memberOf({ name }).slice(0, -1), anyOf: [] })),
    ],
    fromIps: [...ips.flatMap(listedForms).map((address) => exactly({ address })), ...ipRanges.map(listedIn)],
  };
}

/** Blocked logins whose details hold one of these. */
export function isBlockedLoginThat(texts: readonly ListedTexts[]): Condition {
  return (eb) => {
    // Neither LIKE nor a JSON function: both differ from database to database.
    const holds = (text: string) =>
      eb(eb.fn<string>("replace", ["details", eb.val(text), eb.val("")]), "!=", eb.ref("details"));
    return eb.and([
      isOfBlockedLogins(eb),
      eb.or(
        texts.map(({ start, anyOf }) =>
          anyOf.length === 0 ? holds(start) : eb.and([holds(start), eb.or(anyOf.map(holds))]),
        ),
      ),
    ]);
  };
}

/** The same of an event without a database. */
export function isListedIn(details: string | null, texts: readonly ListedTexts[]): boolean {
  return texts.some(
    ({ start, anyOf }) =>
      details?.includes(start) === true && (anyOf.length === 0 || anyOf.some((text) => details.includes(text))),
  );
}

/** As what blocked logins may list an address: IPv6 addresses are counted and listed by their /64. */
export function listedForms(ip: string): readonly string[] {
  return isIP(ip) === 0 ? [ip] : [...new Set([ip, limiterPrefix(ip)])];
}

function exactly(member: Readonly<Record<string, string>>): ListedTexts {
  return { start: memberOf(member), anyOf: [] };
}

/** Canonical JSON (RFC 8785) has one text for a member, and quotes inside a string are escaped: the text is found nowhere else. */
function memberOf(member: Readonly<Record<string, string>>): string {
  return canonicalJson(member).slice(1, -1);
}
