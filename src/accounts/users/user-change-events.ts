import { type EventDraft, draftEvent } from "../../audit/event-draft.ts";
import { roleName } from "../../audit/kind-words.ts";
import { deletedTokens } from "../../tokens/actions.ts";
import type { Token } from "../../tokens/token.ts";
import { userTarget } from "./user-target.ts";
import type { User } from "./user.ts";

/** A change of a user, and what ended with it. */
export interface UserChange {
  readonly before: User;
  readonly after: User;
  readonly sessionsEnded: number;
  /** How many tokens were deleted by which only administrators report events. */
  readonly reportingTokens: number;
  /** The tokens that were deleted since the user was deactivated or activated. */
  readonly tokens: readonly Token[];
}

/** One event for each kind of change; a change that changes nothing is recorded as one of the profile. */
export function changeEvents({
  before,
  after,
  sessionsEnded,
  reportingTokens,
  tokens,
}: UserChange): readonly [EventDraft, ...EventDraft[]] {
  const { username } = after;
  const target = userTarget(after);
  const events: EventDraft[] = [];
  const changed = {
    ...(before.email !== after.email && { email: { old: before.email, new: after.email } }),
    ...(before.lastName !== after.lastName && { last_name: { old: before.lastName, new: after.lastName } }),
  };
  const profile = draftEvent(
    "user.profile.update",
    { username, changed: Object.keys(changed) },
    { target, details: changed },
  );
  if (Object.keys(changed).length > 0) events.push(profile);
  if (roleName(before) !== roleName(after)) {
    const details = {
      ...(before.isSuperuser !== after.isSuperuser && {
        is_superuser: { old: before.isSuperuser, new: after.isSuperuser },
      }),
      ...(before.isAuditor !== after.isAuditor && { is_auditor: { old: before.isAuditor, new: after.isAuditor } }),
      ...(reportingTokens > 0 && { reporting_tokens_deleted: reportingTokens }),
    };
    events.push(draftEvent("user.permission.change", { ...after, was: roleName(before) }, { target, details }));
  }
  if (before.isBreakGlass !== after.isBreakGlass) {
    const details = { is_break_glass: { old: before.isBreakGlass, new: after.isBreakGlass } };
    events.push(draftEvent("user.break_glass", after, { target, details }));
  }
  if (before.isActive !== after.isActive) {
    const ended = deletedTokens(tokens);
    events.push(
      after.isActive
        ? draftEvent("user.activate", { username }, { target, ...(tokens.length > 0 && { details: ended }) })
        : draftEvent("user.deactivate", { username }, { target, details: { sessions_ended: sessionsEnded, ...ended } }),
    );
  }
  const [first, ...rest] = events;
  return first === undefined ? [profile] : [first, ...rest];
}
