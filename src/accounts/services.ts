import type { LoginLimiter } from "./login-limits/login-limiter.ts";

/** What the operations of accounts need beside the database. */
export interface AccountServices {
  readonly limiter: LoginLimiter;
  /** Told of every password that was changed: the first administrator's is then no longer the one that was shown. */
  passwordChanged(username: string): Promise<void>;
}
