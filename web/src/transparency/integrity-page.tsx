import { useEffect, useRef } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { type Item, request } from "../api/request.ts";
import { Page } from "../page/page.tsx";
import { Failure, Loaded, Notice } from "../page/states.tsx";
import { Time, timeAgo } from "../page/text/time.tsx";
import { announce } from "../shell/live-region.tsx";
import { type Log, logQuery } from "./log-query.ts";
import { LogHistory } from "./history/log-history.tsx";
import { Verifications } from "./history/verifications.tsx";
import { Layers } from "./layers.tsx";
import { OutsideChecks } from "./outside-checks.tsx";
import { VerdictChip } from "./verdict-chip.tsx";
import { WorkersTable } from "./workers-table.tsx";
import { counted, grouped } from "../page/text/grouped.ts";

type Verification = Item<"GET /log/verifications">;
type Running = NonNullable<Log["verification"]["running"]>;

/** How often a verification that is under way is asked about. */
const progressMs = 1_000;
const announceEveryMs = 10_000;

/** Whether the log is whole, who says so, and how to find out without trusting this page. */
export function IntegrityPage() {
  const { data: user } = useQuery(sessionQuery);
  const log = useQuery({
    ...logQuery,
    refetchInterval: ({ state }) => (state.data?.verification.running == null ? 10_000 : progressMs),
  });
  const running = log.data?.verification.running ?? undefined;
  const queryClient = useQueryClient();
  const verify = useMutation({
    mutationFn: () => request("POST /log/verifications"),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: logQuery.queryKey, exact: true }),
  });
  return (
    <Page
      title="Integrity"
      controls={
        readsAll(user) && (
          <ActionButton
            appearance="positive"
            loading={verify.isPending}
            disabled={running !== undefined}
            onClick={() => verify.mutate()}
          >
            Verify now
          </ActionButton>
        )
      }
    >
      {verify.error !== null && <Failure error={verify.error} />}
      {running !== undefined && <Progress running={running} />}
      <Loaded query={log}>{(data) => <State log={data} />}</Loaded>
      <Verifications finished={log.data?.verification.last?.finished} />
      {readsAll(user) && <LogHistory />}
      {readsAll(user) && <WorkersTable />}
    </Page>
  );
}

function Progress({ running }: { readonly running: Running }) {
  const toldAt = useRef(0);
  // Before its program has said how much there is.
  const words = running.size === 0 ? "Starting" : `${grouped(running.checked)} of ${counted(running.size, "event")}`;
  useEffect(() => {
    if (Date.now() - toldAt.current < announceEveryMs) return;
    toldAt.current = Date.now();
    announce(`Verifying: ${words}.`);
  }, [words]);
  return (
    <p className="ui-progress">
      <progress aria-label="Verification" {...(running.size > 0 && { max: running.size, value: running.checked })} />{" "}
      {words}
    </p>
  );
}

function State({ log }: { readonly log: Log }) {
  const { checkpoint, signing, troubles } = log;
  const { last } = log.verification;
  return (
    <>
      {signing.trouble !== null && (
        <Notice severity="negative" title="Signing has stopped. Recording goes on.">
          {signing.trouble}
        </Notice>
      )}
      {troubles.length > 0 && <Troubles troubles={troubles} />}
      <div className="ui-cards">
        <section className="p-card" aria-labelledby="card-tree">
          <h2 id="card-tree" className="p-muted-heading">
            Tree
          </h2>
          <p className="p-heading--4">{counted(log.size, "event")}</p>
        </section>
        <section className="p-card" aria-labelledby="card-checkpoint">
          <h2 id="card-checkpoint" className="p-muted-heading">
            Last checkpoint
          </h2>
          {checkpoint === null ? (
            <p>None is signed yet.</p>
          ) : (
            <>
              <p className="p-heading--4 u-no-margin--bottom">{counted(checkpoint.size, "event")}</p>
              <p>
                signed <Time value={checkpoint.signed} /> by {log.origin ?? "nobody"}
                {signing.is_signing ? "" : "; this server doesn't sign"}. Whoever has the key below can check it.
              </p>
            </>
          )}
        </section>
        <section className="p-card" aria-labelledby="card-verification">
          <h2 id="card-verification" className="p-muted-heading">
            Last full verification
          </h2>
          {last === null ? (
            <p>There was none yet.</p>
          ) : (
            <>
              {last.reason === null ? (
                <>
                  <p className="u-no-margin--bottom">
                    Integrity: <VerdictChip isGood={last.integrity === "intact"} words={last.integrity} />
                  </p>
                  <p>
                    Completeness: <VerdictChip isGood={last.completeness === "complete"} words={last.completeness} />
                  </p>
                </>
              ) : (
                <p>
                  <VerdictChip isGood={false} words="could not verify" />
                </p>
              )}
              <p>
                {counted(last.size, "event")}, <Time value={last.finished} />{" "}
                <span className="u-text--muted">({timeAgo(last.finished)})</span>
              </p>
              {last.id === null && <p>The log could not take this verdict: it is kept in the data directory.</p>}
            </>
          )}
        </section>
      </div>
      {last !== null && last.faults.length > 0 && <Faults faults={last.faults} count={last.fault_count} />}
      <Layers last={last} />
      <OutsideChecks log={log} />
    </>
  );
}

/** Why the server is degraded, as `/readyz` says. */
function Troubles({ troubles }: { readonly troubles: Log["troubles"] }) {
  return (
    <Notice severity="negative" title="Not everything is as it should be.">
      <ul>
        {troubles.map(({ name, what }) => (
          <li key={name}>
            {troubleWords[name]}
            {what === null ? "." : `: ${what}.`}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const troubleWords: Readonly<Record<Log["troubles"][number]["name"], string>> = {
  "not signing": "The log is not signed",
  damage: "The log is not what was recorded",
  "not verified": "The log could not be verified",
  "verification off": "Verifications are turned off",
  "verification absent": "The log has not been verified for too long",
  "watch stale": "Live pages are stale",
  "log behind": "The log has lost its end",
};

function Faults({ faults, count }: { readonly faults: Verification["faults"]; readonly count: number }) {
  return (
    <Notice
      severity="negative"
      title={`${grouped(count)} ${count === 1 ? "fault was" : "faults were"} found. Keep the log as it is.`}
    >
      <ul>
        {faults.map(({ event, what }, at) => (
          <li key={at}>{event === null ? what : `Event ${event}: ${what}`}</li>
        ))}
      </ul>
    </Notice>
  );
}
