import { type RefusedRequest, refuseOperation } from "../../audit/machine-actions.ts";
import { viewerKey } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import type { Caller } from "./caller.ts";
import { RateLimit } from "./rate-limit.ts";
import { shownPath } from "../request/request-facts.ts";
import type { Unrecorded } from "./unrecorded.ts";

/** So many refusals of one user are recorded at once, and one more every two seconds: beyond it they wait. */
const allowance = { burst: 30, refillMs: 2_000 };

/** Enough of a path to tell on what; the rest is nobody's name. */
const pathLengthMax = 500;

/** Does what was asked for, and records no refusal: what a page elsewhere made a browser send is nobody's attempt. */
export const unrecordedRefusals: Pick<RefusedOperations, "around" | "record"> = {
  around: async (_caller, _refused, work) => work(),
  record: async () => {},
};

/** Records that a caller asked for what only administrators may do. */
export class RefusedOperations {
  readonly #db: Database;
  readonly #unrecorded: Unrecorded;
  readonly #limit = new RateLimit(allowance);

  constructor(db: Database, unrecorded: Unrecorded) {
    this.#db = db;
    this.#unrecorded = unrecorded;
  }

  /** Does what was asked for; where only the work itself finds that it is for administrators, that is recorded too. */
  async around<Answer>(caller: Caller, refused: RefusedRequest, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal && error.isForAdministrators) await this.record(caller, refused);
      throw error;
    }
  }

  /** Records the attempt. Refuses with `too_many_requests` where there are more than the log should hold. */
  async record({ actor }: Caller, { operation, path }: RefusedRequest): Promise<void> {
    const who = actor.user ?? actor.mirrored;
    const waitMs = this.#limit.take(who === undefined ? "nobody" : viewerKey(who), Date.now());
    if (waitMs > 0) {
      this.#unrecorded.count("operations", actor.origin.ip, who?.username);
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      throw new Refusal("too_many_requests", `Too many refused requests. Try again in ${retryAfterSeconds} seconds.`, {
        retryAfterSeconds,
      });
    }
    await perform(this.#db, actor, refuseOperation, { operation, path: shownPath(path).slice(0, pathLengthMax) });
  }
}
