/** What an API key may be narrowed to; `audit` is all that an auditor reads, `admin` all that its user may do. */
export const scopes = ["events:read", "events:write", "audit", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** What a caller proved to be. */
export type Credentials =
  | {
      readonly kind: "none";
      /** True where they are those of a session that a change of its user's password has ended. */
      readonly isPasswordChanged?: true;
    }
  | { readonly kind: "session"; readonly id: number; readonly sessionId: string }
  | {
      readonly kind: "token";
      readonly tokenKey: string;
      /** What the key was narrowed to; null for one that may do whatever its user may. */
      readonly scopes: readonly Scope[] | null;
      /** When it ends; null for never. */
      readonly expires: number | null;
    };
