import { useQuery } from "@tanstack/react-query";
import packageJson from "../../../package.json";
import { clockSkewMs, Unreachable } from "../api/request.ts";
import { clockTime } from "../page/text/time.tsx";
import { useZone } from "../page/text/zone.ts";
import { logQuery } from "../transparency/log-query.ts";
import { grouped } from "../page/text/grouped.ts";

/** Times that people compare are off by more than a glance would forgive. */
const skewMsMax = 5_000;

/** The line at the foot: what the log has signed last, and whether the server can be reached. */
export function StatusLine() {
  useZone();
  const { data: log, failureReason, dataUpdatedAt } = useQuery(logQuery);
  const skewSeconds = Math.round(Math.abs(clockSkewMs()) / 1_000);
  return (
    <footer className="l-status">
      <div className="ui-status">
        <span>Ironlog {packageJson.version}</span>
        {log !== undefined && (
          <span>
            {log.checkpoint === null
              ? "no checkpoint signed yet"
              : `checkpoint ${grouped(log.checkpoint.size)} signed ${clockTime(log.checkpoint.signed)}`}
          </span>
        )}
        {log?.signing.trouble != null && <span>Signing has stopped: {log.signing.trouble}</span>}
        {failureReason instanceof Unreachable && (
          <span role="status">Not connected since {clockTime(new Date(dataUpdatedAt))}. Trying again.</span>
        )}
        {skewSeconds * 1_000 > skewMsMax && (
          <span>
            This computer's clock is {skewSeconds} seconds {clockSkewMs() > 0 ? "ahead of" : "behind"} the server's.
          </span>
        )}
      </div>
    </footer>
  );
}
