import type { ActingUser } from "../../audit/actor.ts";
import type { Caller } from "./caller.ts";
import type { Scope } from "./credentials.ts";
import { lacksFactor } from "./session-factor.ts";

/** Who may ask: anybody, whoever is logged in, whoever reads everything, or an administrator. */
export type Permission = "anyone" | "user" | "auditor" | "administrator";

/** Who may carry out an operation. */
export interface AccessRule {
  readonly who: Permission;
  /** The scope that a narrowed API key needs; `any` where each will do. Without it, only `admin` will. */
  readonly scope?: Exclude<Scope, "admin"> | "any";
  /** True of a command that auditors may give: it is about their own account, or reads. */
  readonly alsoAuditors?: true;
  /** True of what people of a mirrored MAAS may do: they read events and their proofs. Everything else is not for them, whatever `who` says. */
  readonly alsoMirrored?: true;
  /** True of what a session may do before it has given a second factor: give one, set one up, log out. */
  readonly withoutFactor?: true;
  /** True of a sensitive act: a session's second factor must have been given within the last 15 minutes. */
  readonly needsFreshFactor?: true;
  /** True where the scope alone isn't enough: the key's user must be who may. */
  readonly needsRight?: true;
}

/** Why a caller may not do what they ask: it is for others, or for those who have an account here; their API key is too narrow, or their session lacks a second factor. */
export type Denial = "administrators" | "auditors" | "accounts" | "scope" | "factor";

/**
 * Says what keeps somebody who is logged in from an operation; undefined if nothing does.
 *
 * A scope that names the operation is enough, since an administrator has given it.
 */
export function denial(
  { actor, credentials }: Caller,
  rule: AccessRule,
  kind: "query" | "command" = "query",
): Denial | undefined {
  const { who, scope, needsRight, withoutFactor } = rule;
  if (actor.mirrored !== undefined) return who === "anyone" || rule.alsoMirrored === true ? undefined : "accounts";
  if (who !== "anyone" && withoutFactor !== true && lacksFactor(credentials)) return "factor";
  const lacking = lackingRight(actor.user, rule, kind);
  const narrowed = credentials.kind === "token" ? credentials.scopes : null;
  if (narrowed === null || narrowed.includes("admin")) return lacking;
  if (needsRight === true && lacking !== undefined) return lacking;
  if (who === "anyone" || scope === "any" || (scope !== undefined && narrowed.includes(scope))) return undefined;
  // Reads what its user may read, whoever that is by now.
  const isReading = kind === "query" || scope === "events:read" || who === "auditor";
  if (narrowed.includes("audit") && who !== "administrator" && isReading) return lacking;
  return "scope";
}

function lackingRight(
  user: ActingUser | null,
  { who, alsoAuditors }: AccessRule,
  kind: "query" | "command",
): Denial | undefined {
  if (user?.isSuperuser === true || who === "anyone") return undefined;
  if (who === "administrator") return "administrators";
  if (user?.isAuditor === true) return kind === "command" && alsoAuditors !== true ? "administrators" : undefined;
  return who === "auditor" ? "auditors" : undefined;
}

/** What somebody is told who has no account here. */
export const forAccountsAlone =
  "With a key of a mirrored MAAS you read its events, and nothing else: this takes an account of this server.";

/** What a caller is told whose API key is too narrow. */
export function tooNarrow({ credentials }: Caller): string {
  const narrowed = credentials.kind === "token" ? (credentials.scopes ?? []) : [];
  return `This API key may only do what its scopes say: ${narrowed.join(", ")}. Use another one.`;
}
