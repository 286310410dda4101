import type { Draft } from "./action.ts";
import type { ActionName } from "./kinds.ts";

/** What people do to their own account and what they take out. It can be undone or done again without end. */
const passing: ReadonlySet<string> = new Set<ActionName>([
  "auth.login",
  "auth.logout",
  "auth.factor.ask",
  "auth.factor.renew",
  "session.end",
  "user.password.change",
  "user.factor.begin",
  "user.factor.add",
  "user.factor.remove",
  "user.recovery_codes.create",
  "token.create",
  "token.rename",
  "token.delete",
  "sshkey.create",
  "sshkey.import",
  "sshkey.delete",
  "sslkey.create",
  "sslkey.delete",
  "log.export",
]);

/** Whether an act changed something that stays: the state of what all share, and not only the log. */
export function isLasting(draft: Draft): boolean {
  return !passing.has(draft.action) && !saysNoChange(draft);
}

/** Acts that turned out to change nothing say so in their details, each kind in the words that its event has. */
function saysNoChange({ action, details }: Draft): boolean {
  if (action === "user.profile.update") return Object.keys(details ?? {}).length === 0;
  const { change, changed, is_changed: isChanged } = details ?? {};
  return change === "none" || isChanged === false || (Array.isArray(changed) && changed.length === 0);
}
