import { request } from "../../api/request.ts";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { visible } from "../../page/text/visible.ts";
import { refreshUsers } from "../users-query.ts";
import { counted } from "../../page/text/grouped.ts";

/** `Their 2 sessions end now.` */
export function endWords(count: number): string {
  return `Their ${counted(count, "session")} ${count === 1 ? "ends" : "end"} now.`;
}

interface EndAllSessionsProps {
  readonly username: string;
  readonly count: number;
  /** Whether the session that asks is among them. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Asks before all of somebody's sessions end. */
export function EndAllSessions({ username, count, isOwn, onClose }: EndAllSessionsProps) {
  const words = `all sessions of '${visible(username)}'`;
  return (
    <ConfirmedAct
      title={`End ${words}?`}
      verb="End all sessions"
      act={() => request("DELETE /users/{username}/sessions", { path: { username } })}
      done={`Ended ${words}.`}
      onDone={refreshUsers}
      onClose={onClose}
    >
      {endWords(count)} {isOwn ? "You are logged out at once." : "They can log in again. API keys stay valid."}
    </ConfirmedAct>
  );
}
