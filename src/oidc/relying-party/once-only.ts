import type { SharedNonces } from "../../database/nonces.ts";
import { NonceMemory, nonceId } from "../../http/authentication/nonce-memory.ts";

/** Far more logins than a minute has; some 200 bytes each. */
const capacity = 100_000;

export interface OneUse {
  readonly kind: "state" | "logout";
  readonly provider: string;
  readonly value: string;
  /** Seconds since 1970 UTC. */
  readonly made: number;
}

/**
 * What counts only once: the state of a login, a log-out token. All servers on one database remember it for ten minutes, as long as
 * either is good.
 *
 * Known gap: on SQLite a restart forgets. A code is refused by the provider the second time, and a log-out token ends sessions again.
 */
export class OnceOnly {
  readonly #memory = new NonceMemory({ capacity, capacityPerKey: capacity });
  readonly #shared: SharedNonces | undefined;

  constructor(shared: SharedNonces | undefined) {
    this.#shared = shared;
  }

  /** Uses up what was made at `made`, in seconds; false where it was used, or where a crash of the database has forgotten that. */
  async use(what: OneUse, nowSeconds: number): Promise<boolean> {
    const { kind, provider, value, made } = what;
    const keys = [`oidc ${kind}`, provider] as const;
    if (!this.#memory.use(...keys, value, nowSeconds)) return false;
    const id = nonceId(...keys, value);
    const elsewhere = await this.#shared?.use({ id, timestampSeconds: made, nowSeconds });
    return elsewhere === undefined || elsewhere === "new";
  }
}
