import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { printFilterPairs } from "../events/filter/filter-pairs.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Loaded, Notice } from "../page/states.tsx";
import { sentence } from "../page/text/sentence.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { DeadLetters } from "./dead-letters.tsx";
import { type Destination, destinationQuery, forgetDestination, refreshDestinations } from "./destination.ts";
import { DestinationSettings } from "./destination-settings.tsx";
import { ReplayQuestion } from "./replay-question.tsx";
import { TestDelivery } from "./test-delivery.tsx";

const refetchMs = 2_000;

interface DestinationPanelProps {
  readonly name: string;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** One destination: how delivery goes, what it refused, what can be done with it. */
export function DestinationPanel({ name, onEdit, onClose }: DestinationPanelProps) {
  const destination = useQuery({ ...destinationQuery(name), refetchInterval: refetchMs });
  return (
    <AsidePanel title={`Destination '${name}'`} onClose={onClose}>
      <Loaded query={destination}>{(data) => <Shown destination={data} onEdit={onEdit} onClose={onClose} />}</Loaded>
    </AsidePanel>
  );
}

interface ShownProps {
  readonly destination: Destination;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

type Question = "pause" | "resume" | "replay" | "delete";

function Shown({ destination, onEdit, onClose }: ShownProps) {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<Question>();
  const { name, paused, dead_letters: deadLetters } = destination;
  const filter = printFilterPairs(destination);
  return (
    <>
      <Trouble destination={destination} />
      <DestinationSettings destination={destination} />
      <p className="ui-section">
        {destination.transport !== "email" && (
          <>
            <Link to="/" search={filter === "" ? {} : { q: filter }}>
              Show the events that match
            </Link>
            {" · "}
          </>
        )}
        <Link to="/" search={{ q: `target:destination/${name}` }}>
          Show what was done to it
        </Link>
      </p>
      {deadLetters > 0 && <DeadLetters destination={destination} mayChange={mayChange} />}
      {mayChange && <TestDelivery name={name} />}
      {mayChange && (
        <div className="ui-form__buttons ui-section">
          <Button onClick={onEdit}>Edit destination</Button>
          {paused === null ? (
            <Button onClick={() => setAsked("pause")}>Pause destination</Button>
          ) : (
            <Button onClick={() => setAsked("resume")}>Resume destination</Button>
          )}
          <Button onClick={() => setAsked("replay")}>Replay events</Button>
          <Button onClick={() => setAsked("delete")}>Delete destination</Button>
        </div>
      )}
      {asked !== undefined && (
        <Asked destination={destination} asked={asked} onDeleted={onClose} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

/** Why events don't get there. */
function Trouble({ destination }: { readonly destination: Destination }) {
  const { state, paused, last_error: error, failing_since: since } = destination;
  if (paused !== null) {
    return (
      <Notice severity="caution" title="This destination is paused.">
        <p>{visible(sentence(paused))} Its events wait in the log.</p>
      </Notice>
    );
  }
  if (state === "waiting") {
    return (
      <Notice severity="information" title="No server delivers to it yet.">
        This takes a few seconds after a start or a change.
      </Notice>
    );
  }
  if (error === null) return null;
  return (
    <Notice
      severity={state === "stalled" ? "negative" : "caution"}
      title={state === "stalled" ? "Delivery has stalled." : "Delivery fails. Ironlog tries again."}
    >
      <p>{visible(sentence(error))}</p>
      {since !== null && (
        <p>
          Since <Time value={since} />. Its events wait in the log.
        </p>
      )}
    </Notice>
  );
}

interface AskedProps {
  readonly destination: Destination;
  readonly asked: Question;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** What comes of it, before it is done. */
function Asked({ destination, asked, onDeleted, onClose }: AskedProps) {
  const { name } = destination;
  const path = { name };
  switch (asked) {
    case "replay":
      return <ReplayQuestion destination={destination} onClose={onClose} />;
    case "pause":
      return (
        <ConfirmedAct
          title={`Pause destination '${name}'?`}
          verb="Pause destination"
          act={() => request("POST /destinations/{name}/pause", { path })}
          done={`Paused destination '${name}'.`}
          onDone={refreshDestinations}
          onClose={onClose}
        >
          Nothing more is sent to it. Its events wait in the log until you resume it.
        </ConfirmedAct>
      );
    case "resume":
      return (
        <ConfirmedAct
          title={`Resume destination '${name}'?`}
          verb="Resume destination"
          appearance="positive"
          act={() => request("POST /destinations/{name}/resume", { path })}
          done={`Resumed destination '${name}'.`}
          onDone={refreshDestinations}
          onClose={onClose}
        >
          <p>All events that have waited are sent to it, the oldest first.</p>
          <p>If this log was restored from a backup, another server may send the same events.</p>
        </ConfirmedAct>
      );
    case "delete":
      return (
        <ConfirmedAct
          title={`Delete destination '${name}'?`}
          verb="Delete destination"
          name={name}
          act={() => request("DELETE /destinations/{name}", { path })}
          done={`Deleted destination '${name}'.`}
          onDone={async () => {
            // First, so that nothing asks for it again.
            onDeleted();
            await forgetDestination(name);
          }}
          onClose={onClose}
        >
          <p>Nothing more is sent to it. Its secrets and its dead letters are deleted; the events stay in the log.</p>
          <p>Rules that send their alerts to it keep its name, and send them there no more.</p>
        </ConfirmedAct>
      );
  }
}
