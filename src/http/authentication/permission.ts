import type { Caller } from "./caller.ts";
import type { Scope } from "./credentials.ts";

/** Who may ask: anybody, whoever is logged in, or an administrator. */
export type Permission = "anyone" | "user" | "administrator";

/** Who may carry out an operation. */
export interface AccessRule {
  readonly who: Permission;
  /** The scope that a narrowed API key needs; `any` where each will do. Without it, only `admin` will. */
  readonly scope?: Exclude<Scope, "admin"> | "any";
  /** True where the scope alone isn't enough: the key's user must be who may. */
  readonly needsRight?: true;
}

/** Why a caller may not do what they ask: they are no administrator, or their API key is too narrow. */
export type Denial = "administrators" | "scope";

/**
 * Says what keeps somebody who is logged in from an operation; undefined if nothing does.
 *
 * A scope that names the operation is enough, since an administrator has given it.
 */
export function denial({ actor, credentials }: Caller, { who, scope, needsRight }: AccessRule): Denial | undefined {
  const lacksRight = who === "administrator" && actor.user?.isSuperuser !== true;
  const narrowed = credentials.kind === "token" ? credentials.scopes : null;
  if (narrowed === null || narrowed.includes("admin")) {
    return lacksRight ? "administrators" : undefined;
  }
  if (needsRight === true && lacksRight) return "administrators";
  if (who === "anyone" || scope === "any" || (scope !== undefined && narrowed.includes(scope))) return undefined;
  return "scope";
}

/** What a caller is told whose API key is too narrow. */
export function tooNarrow({ credentials }: Caller): string {
  const narrowed = credentials.kind === "token" ? (credentials.scopes ?? []) : [];
  return `This API key may only do what its scopes say: ${narrowed.join(", ")}. Use another one.`;
}
