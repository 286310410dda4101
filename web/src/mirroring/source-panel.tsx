import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { type FieldPair, FieldList, MaybeMono, MaybeTime } from "../page/field-list.tsx";
import { State } from "../page/list/state.tsx";
import { Loaded, Notice } from "../page/states.tsx";
import { grouped } from "../page/text/grouped.ts";
import { visible } from "../page/text/visible.ts";
import { Ledger } from "./ledger.tsx";
import {
  eventsOf,
  forgetSource,
  isUnsettled,
  lagOf,
  refreshSources,
  sourceQuery,
  type SourceWithLedger,
  wayWords,
} from "./source.ts";
import { sourceStates } from "./source-state.ts";
import { SourceTests } from "./source-tests.tsx";

/** Something is going on. */
const busyMs = 1_000;
const refetchMs = 5_000;

interface SourcePanelProps {
  readonly name: string;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** One source: how it goes, its ledger, what can be done with it. */
export function SourcePanel({ name, onEdit, onClose }: SourcePanelProps) {
  const source = useQuery({
    ...sourceQuery(name),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isBusy(data) ? busyMs : refetchMs),
  });
  return (
    <AsidePanel title={`Source '${name}'`} onClose={onClose}>
      <Loaded query={source}>{(data) => <Shown source={data} onEdit={onEdit} onClose={onClose} />}</Loaded>
    </AsidePanel>
  );
}

function isBusy(source: SourceWithLedger): boolean {
  return isUnsettled(source) || isCompared(source);
}

/** Whether a comparison is under way. */
function isCompared({ comparison_started, comparison_ended }: SourceWithLedger): boolean {
  return comparison_started !== null && comparison_ended === null;
}

interface ShownProps {
  readonly source: SourceWithLedger;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

function Shown({ source, onEdit, onClose }: ShownProps) {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<"delete" | "continue">();
  const { name, state, trouble } = source;
  const path = { name };
  const closeQuestion = (): void => setAsked(undefined);
  return (
    <>
      {trouble !== null && (
        <Notice severity="negative" title={state === "set_back" ? "This MAAS was set back." : "It can't be read."}>
          <p>{visible(trouble)}</p>
          {state === "set_back" && (
            <p>
              Its ids mean other events now, so nothing is mirrored until an administrator continues with a new
              generation. Find out first who restored it.
            </p>
          )}
          {state === "set_back" && mayChange && (
            <Button className="u-no-margin--bottom" onClick={() => setAsked("continue")}>
              Continue with a new generation
            </Button>
          )}
        </Notice>
      )}
      {source.waiting > 0 && (
        <Notice severity="information" title={waitingWords(source.waiting)}>
          Events are recorded in the order of their ids. An older transaction of that MAAS is still open.
        </Notice>
      )}
      {state === "importing" && source.import_to !== null && <Import source={source} to={source.import_to} />}
      <Fields source={source} />
      <p className="ui-section">
        <Link to="/" search={{ q: eventsOf(source) }}>
          Show its events
        </Link>
        {" · "}
        <Link to="/" search={{ q: `target:source/${name}` }}>
          Show what was done to it
        </Link>
      </p>
      <Ledger source={source} />
      <SourceTests source={source} mayCheck={mayChange} />
      {mayChange && (
        <div className="ui-form__buttons ui-section">
          <Button onClick={onEdit}>Edit source</Button>
          <Button onClick={() => setAsked("delete")}>Delete source</Button>
        </div>
      )}
      {asked === "continue" && (
        <ConfirmedAct
          title={`Continue '${name}' with a new generation?`}
          verb="Continue"
          act={() => request("POST /sources/{name}/continue", { path, body: { new_generation: true } })}
          done={`'${name}' goes on with a new generation.`}
          onDone={refreshSources}
          onClose={closeQuestion}
        >
          All that is there now is mirrored anew, as generation {source.generation + 1}, beside what was mirrored
          before.
        </ConfirmedAct>
      )}
      {asked === "delete" && (
        <ConfirmedAct
          title={`Delete source '${name}'?`}
          verb="Delete source"
          name={name}
          act={() => request("DELETE /sources/{name}", { path })}
          done={`Deleted source '${name}'.`}
          onDone={async () => {
            // First, so that nothing asks for it again.
            onClose();
            await forgetSource(name);
          }}
          onClose={closeQuestion}
        >
          <p>The events that were mirrored stay in the log. The ledger, the password and the API key are deleted.</p>
          <p>A new source of this name mirrors everything again, as another generation.</p>
        </ConfirmedAct>
      )}
    </>
  );
}

function waitingWords(waiting: number): string {
  return waiting === 1 ? "One event waits." : `${grouped(waiting)} events wait.`;
}

function Import({ source, to }: { readonly source: SourceWithLedger; readonly to: number }) {
  return (
    <p className="ui-progress">
      <progress max={Math.max(1, to)} value={source.recorded_to} aria-label="First import" />{" "}
      {grouped(source.recorded_to)} of {grouped(to)} ids
    </p>
  );
}

function Fields({ source }: { readonly source: SourceWithLedger }) {
  const compared: readonly FieldPair[] =
    source.way === "database" ? [["Compared", <Comparison key="compared" source={source} />]] : [];
  const fields: readonly FieldPair[] = [
    ["State", <State key="state" state={sourceStates[source.state]} />],
    ["Lag", lagOf(source)],
    ["Last success", <MaybeTime key="read" value={source.read_at} />],
    ["Last new event", <MaybeTime key="grown" value={source.grown_at} />],
    ["Read by", wayWords[source.way]],
    ...compared,
    ["Generation", grouped(source.generation)],
    ["Database", <MaybeMono key="database" text={source.database} />],
    ["Database password", source.has_database_password ? "set" : "none"],
    ["Address", <MaybeMono key="url" text={source.url} />],
    ["API key", source.has_apikey ? "set" : "none"],
    ["Username", <MaybeMono key="username" text={source.username} />],
    ["Password", source.has_password ? "set" : "none"],
    ["Added", <MaybeTime key="created" value={source.created} />],
  ];
  return <FieldList fields={fields} />;
}

function Comparison({ source }: { readonly source: SourceWithLedger }) {
  if (isCompared(source)) return `under way: ${grouped(source.compared_to)} of ${grouped(source.recorded_to)} ids`;
  return <MaybeTime value={source.comparison_ended} />;
}
