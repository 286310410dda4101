import { useQuery } from "@tanstack/react-query";
import { logQuery } from "../sealing/log-query.ts";
import { clockTime } from "../page/time.tsx";

/** The line at the foot: what the log has signed last, and whether the server can be reached. */
export function StatusLine() {
  const { data: log, isError } = useQuery(logQuery);
  return (
    <footer className="l-status">
      <div className="ui-status">
        <span>Ironlog</span>
        {log !== undefined && (
          <span>
            {log.checkpoint === null
              ? "no checkpoint signed yet"
              : `checkpoint ${log.checkpoint.size.toLocaleString("en-GB")} signed ${clockTime(log.checkpoint.signed)}`}
          </span>
        )}
        {log?.signing.trouble != null && <span>Signing has stopped: {log.signing.trouble}</span>}
        {isError && <span>Not connected.</span>}
      </div>
    </footer>
  );
}
