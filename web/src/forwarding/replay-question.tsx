import { useState } from "react";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { grouped } from "../page/text/grouped.ts";
import { type Destination, refreshDestinations } from "./destination.ts";
import { StartField } from "./start-field.tsx";

/** Asks from which event on everything is sent again. */
export function ReplayQuestion({
  destination,
  onClose,
}: {
  readonly destination: Destination;
  readonly onClose: () => void;
}) {
  const { name, delivered_to: deliveredTo } = destination;
  const [start, setStart] = useState("beginning");
  return (
    <ConfirmedAct
      title={`Replay events to '${name}'?`}
      verb="Replay events"
      isReady={start !== ""}
      act={() => request("POST /destinations/{name}/replay", { path: { name }, body: { start } })}
      done={`'${name}' gets events from there on.`}
      onDone={refreshDestinations}
      onClose={onClose}
    >
      <StartField told={(help) => (help === undefined ? {} : { help })} onChange={setStart} first="beginning" />
      <p>
        It has all up to event {grouped(deliveredTo)}. If you begin before that, what matches today's filter is sent
        again, and the receiver has it twice unless it drops repeats. If you begin behind it, the events between are
        never sent.
      </p>
    </ConfirmedAct>
  );
}
