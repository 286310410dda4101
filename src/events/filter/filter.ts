import type { LinkedPerson } from "../../audit/actor.ts";
import type { NodeFilter } from "../../nodes/inventory/node-filter.ts";
import type { AddressRange } from "./values/address-range.ts";
import type { BlockedLoginTexts } from "./values/listed-addresses.ts";

/** What an event may be asked for by: any of the values of each list that is given. */
export interface EventTerms {
  /** The acting user's name, as it was then; null stands for nobody. */
  readonly usernames?: readonly (string | null)[];
  /** Beginnings: what matches one of them counts as one of the list, here and below. */
  readonly usernamePrefixes?: readonly string[];
  readonly types?: readonly string[];
  readonly typePrefixes?: readonly string[];
  readonly actions?: readonly string[];
  /** Beginnings of actions up to a dot, such as `auth.`. */
  readonly actionPrefixes?: readonly string[];
  readonly outcomes?: readonly string[];
  readonly sources?: readonly string[];
  readonly ips?: readonly string[];
  /** Networks: their addresses count as some of `ips`. */
  readonly ipRanges?: readonly AddressRange[];
  readonly traceIds?: readonly string[];
  /** Fingerprints of the sessions, and of the API keys, that acted. */
  readonly sessions?: readonly string[];
  readonly keys?: readonly string[];
  readonly targets?: readonly TargetTerm[];
  /** Recorded with one of these as its node's system id or hostname. */
  readonly nodeNames?: readonly string[];
  readonly nodePrefixes?: readonly string[];
  /** About a node that is there today and matches. */
  readonly inventory?: NodeFilter;
}

/** One way to name what was acted upon: by its name or id, or by its kind and name, or by what name or id begin with. */
export type TargetTerm = { readonly isBeginning?: true } & (
  | { readonly kind: "either"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "id"; readonly text: string }
  | { readonly kind: "kind-and-name"; readonly targetKind: string; readonly name: string }
);

/** Which events are wanted. What is left out does not matter; everything else must hold. Times are in microseconds. */
export interface EventFilter extends EventTerms {
  /** Any of these. */
  readonly levels: readonly number[];
  readonly userId?: number;
  /** About any of these nodes, by system id. */
  readonly nodes?: readonly string[];
  /** Recorded with one of these hostnames, or about a node that bears one of them today. */
  readonly hostnames?: readonly string[];
  /** Recorded at this time or later. */
  readonly since?: number;
  /** Recorded before this time. */
  readonly until?: number;
  /** `usernames` and `ips` also match blocked logins that name one of them in their details. */
  readonly inBlockedLogins?: true;
  /** None of what these lists hold. An event that has nothing in a column is not excluded by a value of it. */
  readonly exclude?: EventTerms;
}

/** Which part of the matching events: the newest, the newest before an id, or the oldest after one. */
export type EventWindow =
  | { readonly kind: "newest" }
  | { readonly kind: "before"; readonly id: number }
  | { readonly kind: "after"; readonly id: number };

/** What somebody of a mirrored MAAS may see of it: all, or the audit events of their own id. */
export interface RealmPart {
  readonly realm: string;
  readonly generation: number;
  readonly userId: number | "all";
}

/** Somebody with an account here, and who they are at mirrored MAASes. */
export interface OwnPart {
  readonly userId: number;
  readonly linked: readonly LinkedPerson[];
}

/** A filter narrowed to what somebody may see. */
export interface VisibleFilter extends EventFilter {
  /** Of this mirrored MAAS alone. */
  readonly realm?: RealmPart;
  /** Audit events of this person, and events of other levels about nodes that they may see. */
  readonly seenBy?: OwnPart;
  /** Of this person alone: what they did here, and at mirrored MAASes. */
  readonly own?: OwnPart;
}

/** A value that there are events of this level with. */
export interface ValueOfLevel {
  readonly column: "username" | "node" | "hostname";
  readonly value: string;
  readonly level: number;
}

/** Recorded with one of these hostnames, or about one of these nodes, or with either that begins so. */
export interface HostsPart {
  readonly hostnames: readonly string[];
  readonly systemIds: readonly string[];
  readonly prefixes?: readonly string[];
}

/** A filter whose nodes, beginnings and networks were looked up. */
export interface ResolvedFilter extends Omit<VisibleFilter, "hostnames" | "nodeNames" | "nodePrefixes"> {
  /** What blocked logins hold that count too, where `inBlockedLogins` asks for them and there are any. */
  readonly blockedLogins?: BlockedLoginTexts;
  /** The recorded addresses of `ipRanges`, where those are few. */
  readonly addresses?: readonly Uint8Array[];
  /** What is recorded of `usernamePrefixes`, and of the hosts' prefixes, where that is little. */
  readonly foundNames?: readonly ValueOfLevel[];
  readonly foundHosts?: readonly ValueOfLevel[];
  readonly hosts?: HostsPart;
  /** Only ids from this one on. */
  readonly idFrom?: number;
  /** Only ids below this one. */
  readonly idBelow?: number;
}
