import type { Action, Draft } from "../../audit/action.ts";
import type { EventDraft } from "../../audit/event-draft.ts";
import { type Actor, viewerKey } from "../../audit/actor.ts";
import { isLasting } from "../../audit/lasting.ts";
import { Refusal } from "../../refusal.ts";
import { type Allowance, RateLimit } from "./rate-limit.ts";

/** Recorded acts of one user: no person and no sensible script does more, and a loop can't fill the disk. */
const perUser: Allowance = { burst: 600, refillMs: 1_000 };
/** An administrator's acts that change nothing lasting: a script may set thousands of things to what they are. */
const perAdministrator: Allowance = { burst: 3_000, refillMs: 250 };

/**
 * Keeps one user from making the log grow without end.
 *
 * Acts of administrators that change something lasting aren't limited, nor are reports of other programs' events. What fails
 * isn't counted here: the limiters of logins and of refused operations count it.
 */
export class ActLimit {
  readonly #perUser = new RateLimit(perUser);
  readonly #perAdministrator = new RateLimit(perAdministrator);

  /** The same action; beyond the limit it is taken back and refused with `too_many_requests`. */
  around<Input, Result>(action: Action<Input, Result>): Action<Input, Result> {
    return {
      run: async (tx, input, actor, firstEventId) => {
        const result = await action.run(tx, input, actor, firstEventId);
        this.#refuseBeyond(actor, action.events(result, input, actor));
        return result;
      },
      events: action.events,
    };
  }

  #refuseBeyond(actor: Actor, drafts: readonly Draft[]): void {
    const { user } = actor;
    const counted = drafts.filter(
      (draft) => isOwn(draft) && draft.outcome !== "failure" && !(user?.isSuperuser === true && isLasting(draft)),
    );
    const [first] = counted;
    if (first === undefined || counted.length < drafts.length) return;
    const [limit, key] = this.#bucketOf(actor, first);
    const waitMs = key === undefined ? 0 : limit.take(key, Date.now());
    if (waitMs === 0) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new Refusal(
      "too_many_requests",
      `This user did too much in a short time. Nothing was changed. Try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }

  /** Logins have a bucket of their own: a runaway script must not keep its user from logging in. */
  #bucketOf({ user, mirrored }: Actor, draft: Draft): readonly [RateLimit, string | undefined] {
    if (user !== null) return [user.isSuperuser ? this.#perAdministrator : this.#perUser, viewerKey(user)];
    if (mirrored !== undefined) return [this.#perUser, viewerKey(mirrored)];
    const as = isOwn(draft) && typeof draft.as === "object" ? draft.as : undefined;
    const account = as !== undefined && "realm" in as ? viewerKey(as.realm) : as?.userId;
    return [this.#perUser, account === undefined ? undefined : `login ${account}`];
  }
}

/** Whether it is an event of Ironlog's own, and not what another program has recorded. */
function isOwn(draft: Draft): draft is EventDraft {
  return !("source" in draft);
}
