import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Notice } from "../page/states.tsx";
import { acknowledgeIdentity } from "./verification/known-log.ts";
import { logQuery } from "./log-query.ts";
import { meetingQuery, memory } from "./verification/trust.ts";

/** Stands above every page while the log is not what this browser has seen before. */
export function LogNotice() {
  const { data: log } = useQuery(logQuery);
  const { data: meeting } = useQuery(meetingQuery(log));
  const queryClient = useQueryClient();
  if (meeting?.state === "broken") {
    return (
      <div className="ui-notice">
        <Notice severity="negative" title="The log does not match what this browser has seen of it. Don't rely on it.">
          {meeting.says} Keep the log as it is and run: <code>ironlog log verify</code>.{" "}
          <Link to="/integrity">Integrity</Link>
        </Notice>
      </div>
    );
  }
  if (meeting?.state !== "changed-identity") return null;
  const accept = (): void => {
    acknowledgeIdentity(memory, meeting.seen);
    void queryClient.invalidateQueries({ queryKey: ["log", "meeting"] });
  };
  return (
    <div className="ui-notice">
      <Notice
        severity="caution"
        title={`The log's name has changed from '${meeting.known.origin}' to '${meeting.seen.origin}'.`}
      >
        That is right if the log was restored from a backup and renewed; ask whoever did it. If nobody did, don't rely
        on it.{" "}
        <button type="button" className="p-button is-dense u-no-margin--bottom" onClick={accept}>
          Accept the new name
        </button>
      </Notice>
    </div>
  );
}
