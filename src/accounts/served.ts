import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Unrecorded } from "../http/authentication/unrecorded.ts";
import type { RunningServer, ServedSlice, SliceContext } from "../slice.ts";
import { blockedLoginReporter } from "./login-limits/blocked-logins.ts";
import { LoginLimiter } from "./login-limits/login-limiter.ts";
import { PasswordHasher } from "./passwords/password.ts";
import { CodeLimit } from "./second-factor/codes/code-limit.ts";
import { accountOperations } from "./operations.ts";
import { authentication } from "./sessions/authentication.ts";
import { openNonces } from "./sessions/nonces.ts";
import { CredentialUses, usedSessions, usedTokens } from "./sessions/credential-uses.ts";
import { forgetFirstLogin } from "./users/first-login.ts";

/** Accounts in a server: their operations, and who the callers of all operations are. */
export async function servedAccounts({ unrecorded, server }: SliceContext): Promise<ServedSlice> {
  const operations = accountOperations({
    limiter: new LoginLimiter(unrecorded),
    passwords: server?.passwords ?? new PasswordHasher(),
    codes: new CodeLimit(unrecorded),
    secrets() {
      assert(server !== undefined, "only a server opens secrets");
      return server.secrets;
    },
    passwordChanged: async (username) => {
      if (server !== undefined) forgetFirstLogin(server.config.dataFolder, username);
    },
  });
  return server === undefined ? operations : { ...operations, ...(await running(server, unrecorded)) };
}

async function running(
  { db, database, machine, lockedAtSeconds }: RunningServer,
  unrecorded: Unrecorded,
): Promise<ServedSlice> {
  const nonces = await openNonces(database, lockedAtSeconds);
  const sessionUses = new CredentialUses(usedSessions);
  const tokenUses = new CredentialUses(usedTokens);
  return {
    workers: [blockedLoginReporter(db, unrecorded, machine), sessionUses.worker, tokenUses.worker],
    authenticate: (vouch) => authentication({ db, unrecorded, nonces, sessionUses, tokenUses, vouch }),
    async beforeListening() {
      await sleep(Math.min(1_000, Math.max(0, nonces.sinceSeconds * 1_000 - Date.now())));
    },
  };
}
