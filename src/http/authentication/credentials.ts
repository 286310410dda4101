import type { MirroredPerson } from "../../audit/actor.ts";

/** What an API key may be narrowed to; `audit` is all that an auditor reads, `admin` all that its user may do. */
export const scopes = ["events:read", "events:write", "audit", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** What is known of a session's second factor. Times are microseconds since 1970 UTC. */
export interface SessionFactor {
  /** When a second factor, or the organisation's provider, last vouched for the session; null for never. */
  readonly at: number | null;
  /** Whether its user has a second factor. */
  readonly isSetUp: boolean;
  /** True where its user must set one up before anything else. */
  readonly isOverdue: boolean;
}

/** What a caller proved to be. */
export type Credentials =
  | {
      readonly kind: "none";
      /** True where they are those of a session that a change of its user's password has ended. */
      readonly isPasswordChanged?: true;
    }
  | {
      /** A key of a mirrored MAAS. */
      readonly kind: "mirrored";
      /** Who they are by now, as their MAAS says; undefined where it vouches for them no more. */
      readonly ask: () => Promise<MirroredPerson | undefined>;
    }
  | {
      readonly kind: "session";
      readonly id: number;
      readonly sessionId: string;
      readonly factor: SessionFactor;
      /** The same for a session that was opened with such a key. */
      readonly ask?: () => Promise<MirroredPerson | undefined>;
    }
  | {
      readonly kind: "token";
      readonly tokenKey: string;
      /** What the key was narrowed to; null for one that may do whatever its user may. */
      readonly scopes: readonly Scope[] | null;
      /** When it ends; null for never. */
      readonly expires: number | null;
      /** What it may say that events come from which it reports, besides external: `maas:NAME`, or null. */
      readonly source: string | null;
    };
