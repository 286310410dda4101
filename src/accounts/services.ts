import type { LoginLimiter } from "./login-limits/login-limiter.ts";
import type { CodeLimit } from "./second-factor/codes/code-limit.ts";
import type { Secrets } from "../secrets/secrets.ts";
import type { PasswordHasher } from "./passwords/password.ts";

/** What checks passwords: how often somebody may try, and what a try costs. */
export type LoginServices = Pick<AccountServices, "limiter" | "passwords">;

/** What the operations of accounts need beside the database. */
export interface AccountServices {
  readonly limiter: LoginLimiter;
  readonly passwords: PasswordHasher;
  readonly codes: CodeLimit;
  /** What seals and opens secrets, in a server. */
  secrets(): Secrets;
  /** Told of every password that was changed: the first administrator's is then no longer the one that was shown. */
  passwordChanged(username: string): Promise<void>;
}
