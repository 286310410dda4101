import type { Actor, MirroredPerson } from "../../audit/actor.ts";
import { Parameters } from "../maas/parameters/parameters.ts";
import type { Credentials } from "./credentials.ts";

/** What of a request tells who sent it. */
export interface RequestFacts {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly cookies: ReadonlyMap<string, string>;
  /** What a form or a script sends back to show that it has read the session's token. */
  readonly csrfToken: string | undefined;
  readonly query: Parameters;
  readonly form: Parameters;
  readonly ip: string | null;
  readonly forwarded: string | null;
  readonly userAgent: string;
  /** True where a page of another site made a browser send it. */
  readonly isForeign: boolean;
  readonly traceId: string;
  /** The mirrored source whose keys are meant, where the request names one; null for a request on which no MAAS's keys count. */
  readonly source: string | null | undefined;
  /** True of a request to what nobody need be logged in for. */
  readonly isPublic?: true;
  /** Microseconds since 1970 UTC. */
  readonly now: number;
}

export interface Caller {
  readonly actor: Actor;
  readonly credentials: Credentials;
  /** The version of the log when they were looked at, where it was needed for that. */
  readonly asOf?: string;
}

/**
 * Turns a request's credentials into who acts; nobody where there are none.
 *
 * Refuses with `unauthenticated` where there are some and they are wrong, with `forbidden` where their owner may not come in.
 */
export type Authenticate = (facts: RequestFacts) => Promise<Caller>;

/** An API key that isn't one of this server's. `secret` is a secret. */
export interface ForeignKey {
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly secret: string;
}

/** How a key came: who sent it and from where, and which mirrored source it is meant for, if that was said. `now` is in microseconds. */
export interface KeyRequest extends Pick<RequestFacts, "source" | "now"> {
  readonly actor: Actor;
}

/** Somebody whose key a mirrored MAAS knows. */
export interface KeyHolder {
  readonly person: MirroredPerson;
  /** Who they are by now; undefined where their MAAS vouches for them no more. */
  readonly ask: () => Promise<MirroredPerson | undefined>;
}

/** Knows people who have no account here, by what a mirrored MAAS says of them. */
export interface Vouch {
  /**
   * Who has that key; undefined where there is no MAAS to ask, or where a part of the key is of one of this server's.
   *
   * Refuses with `unauthenticated` a key that the MAAS doesn't know, with `forbidden` somebody who reads nothing, with `source_away`
   * where it can't be asked, with `too_many_requests` an address with too many wrong keys.
   */
  byKey(key: ForeignKey, request: KeyRequest): Promise<KeyHolder | undefined>;
  /** Who opened a session, as their MAAS's database has it by now; undefined where it vouches for them no more. Refuses with `source_away`. */
  byId(session: {
    readonly realm: string;
    readonly realmUserId: number;
    readonly created: number;
  }): Promise<MirroredPerson | undefined>;
}

/**
 * The facts of a request to a public operation: a session counts without showing that it is meant (logging in is such an
 * operation), a signature doesn't count at all.
 */
export function withoutIntent(facts: RequestFacts): RequestFacts {
  return {
    ...facts,
    isPublic: true,
    method: "GET",
    authorization: undefined,
    query: Parameters.none,
    form: Parameters.none,
  };
}

/** The cookies of a request; of two with one name the first counts (RFC 6265 section 5.4: the more specific path). */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const piece of (header ?? "").split(";")) {
    const at = piece.indexOf("=");
    const name = piece.slice(0, at).trim();
    if (at > 0 && !cookies.has(name))
      cookies.set(
        name,
        piece
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      );
  }
  return cookies;
}
