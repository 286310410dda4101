import type { MirroredPerson } from "./actor.ts";
import type { CanonicalValue } from "../verifiable-log/canonical-json.ts";
import { type ActionName, eventKinds, type EventTypeName, type Facts } from "./kinds.ts";

/** What an action says of itself; `perform` adds who, when and from where. */
export interface EventDraft extends EventExtras {
  readonly action: ActionName;
  readonly type: EventTypeName;
  readonly description: string;
}

export interface EventExtras {
  /** Left out, it is `success`. */
  readonly outcome?: "success" | "failure";
  /** What changed, old and new. Never a secret. */
  readonly details?: { readonly [key: string]: CanonicalValue };
  readonly target?: Target;
  readonly node?: { readonly systemId: string; readonly hostname: string };
  /** The fingerprint of the session that the act is about, where it isn't that of whoever acted: a login's. */
  readonly session?: string;
  /** The account or mirrored person concerned, or nobody, for acts whose request is anonymous: login, failed login, `accounts/authenticate`. */
  readonly as?: { readonly userId: number; readonly username: string } | { readonly realm: MirroredPerson } | "nobody";
}

/**
 * What another program says has happened. Its level, type, action and names are its own; who reported it and from where
 * is the actor's, and its source says that it is no event of Ironlog's.
 */
export interface ReportedDraft {
  /** A MAAS's name only where its key was made for that. */
  readonly source: "external" | `maas:${string}`;
  readonly level: number;
  readonly type: string;
  readonly action: string;
  readonly outcome: "success" | "failure";
  /** Microseconds since 1970 UTC; null where the program didn't say. */
  readonly occurred: number | null;
  /** As the program names them: no account of Ironlog's. */
  readonly username: string | null;
  readonly description: string;
  readonly details: EventExtras["details"] | null;
  readonly target: { readonly [Part in keyof Target]: string | null } | null;
  readonly node: string | null;
  readonly hostname: string | null;
  /** Of what is told of a mirrored MAAS: how often that had been set back. */
  readonly generation?: number;
}

/** What a mirrored MAAS has recorded. Everything in it is what stands there; its source says that it is no event of Ironlog's. */
export interface MirroredDraft {
  readonly source: `maas:${string}`;
  readonly level: number;
  readonly type: string;
  readonly action: string;
  readonly outcome: "success";
  /** Microseconds since 1970 UTC. */
  readonly occurred: number;
  readonly username: string | null;
  readonly description: string;
  readonly details: EventExtras["details"] | null;
  readonly target: null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly endpoint: string | null;
  readonly node: string | null;
  readonly hostname: string | null;
  /** Which event it is there, and who acted, as their own MAAS knows them. */
  readonly generation: number;
  readonly sourceEventId: number;
  /** Null where that MAAS shows only the words. */
  readonly sourceType: string | null;
  readonly sourceTypeWords: string;
  /** The source's name; null where no user acted. */
  readonly realm: string | null;
  readonly realmUserId: number | null;
}

/** What was acted upon, as it was then. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** Drafts the event of `action`, in the wording that belongs to it. */
export function draftEvent<Name extends ActionName>(
  action: Name,
  facts: Facts<Name>,
  extras: EventExtras = {},
): EventDraft {
  const kind = eventKinds[action];
  // Each kind's wording takes the facts of its own name; the union of all kinds has lost that.
  const describe = kind.describe as (facts: Facts<Name>) => string;
  return { ...extras, action, type: kind.type, description: describe(facts) };
}
