import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { type Item, request } from "../api/request.ts";
import { LinesDiff } from "../events/event/changes-table.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Loaded } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import type { Script } from "./kind.ts";
import { revisionQuery } from "./revision-query.ts";
import { Absent } from "../page/text/absent.tsx";
import { grouped } from "../page/text/grouped.ts";

type Revision = Item<"GET /scripts/{name}/revisions">;

/** The versions of a script: two can be compared, and an old one made the newest again. */
export function Versions({ script }: { readonly script: Script }) {
  const { name } = script;
  const revisions = useQuery({
    queryKey: ["scripts", "revisions", name, script.revision],
    queryFn: ({ signal }) => request("GET /scripts/{name}/revisions", { path: { name }, signal }),
  });
  return (
    <Loaded query={revisions}>{({ items }) => <Compared key={items.length} script={script} items={items} />}</Loaded>
  );
}

function Compared({ script, items }: { readonly script: Script; readonly items: readonly Revision[] }) {
  const [newest, before] = items;
  const mayChange = useMayChange();
  const [from, setFrom] = useState(before?.id ?? newest?.id);
  const [to, setTo] = useState(newest?.id);
  const [reverting, setReverting] = useState<Revision>();
  return (
    <>
      <div className="ui-table-scroll" tabIndex={0} role="group" aria-label="Versions">
        <table>
          <thead>
            <tr>
              <th className="ui-versions__choice">From</th>
              <th className="ui-versions__choice">To</th>
              <th>Version</th>
              <th>Comment</th>
              <th>Saved</th>
              <th>Bytes</th>
              <th className="ui-actions">Actions</th>
            </tr>
          </thead>
          <tbody>
            {items.map((revision) => {
              const { id, comment, created, size_bytes } = revision;
              return (
                <tr key={id}>
                  <td>
                    <Choice
                      name="from"
                      label={`Compare from ${id}`}
                      isChosen={from === id}
                      onChoose={() => setFrom(id)}
                    />
                  </td>
                  <td>
                    <Choice name="to" label={`Compare to ${id}`} isChosen={to === id} onChoose={() => setTo(id)} />
                  </td>
                  <td>{id}</td>
                  <td>{comment === null ? <Absent /> : visible(comment)}</td>
                  <td>
                    <Time value={created} />
                  </td>
                  <td>{grouped(size_bytes)}</td>
                  <td className="ui-actions">
                    {id === script.revision
                      ? "current"
                      : mayChange && (
                          <Button dense onClick={() => setReverting(revision)}>
                            Revert to {id}
                          </Button>
                        )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <h2 className="p-muted-heading">
        Version {from} to {to}
      </h2>
      {from !== undefined && to !== undefined && <Comparison name={script.name} from={from} to={to} />}
      {reverting !== undefined && (
        <Revert script={script} revision={reverting} onClose={() => setReverting(undefined)} />
      )}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ name, label, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="p-radio">
      <input type="radio" className="p-radio__input" name={name} checked={isChosen} onChange={onChoose} />
      <span className="p-radio__label">
        <span className="u-off-screen">{label}</span>
      </span>
    </label>
  );
}

function Comparison({ name, from, to }: { readonly name: string; readonly from: number; readonly to: number }) {
  const old = useQuery(revisionQuery(name, from));
  const now = useQuery(revisionQuery(name, to));
  return (
    <Loaded query={old}>
      {(before) => (
        <Loaded query={now}>
          {(after) =>
            before.content === after.content ? (
              <p>They are the same.</p>
            ) : (
              <LinesDiff old={before.content.split("\n")} now={after.content.split("\n")} />
            )
          }
        </Loaded>
      )}
    </Loaded>
  );
}

interface RevertProps {
  readonly script: Script;
  readonly revision: Revision;
  readonly onClose: () => void;
}

function Revert({ script, revision, onClose }: RevertProps) {
  const queryClient = useQueryClient();
  const { name } = script;
  return (
    <ConfirmedAct
      title={`Revert '${name}' to version ${revision.id}?`}
      verb={`Revert to ${revision.id}`}
      act={() => request("POST /scripts/{name}/revert", { path: { name }, body: { to: revision.id } })}
      done={`Reverted to version ${revision.id}.`}
      onDone={() => queryClient.invalidateQueries({ queryKey: ["scripts"] })}
      onClose={onClose}
    >
      The versions after it are deleted, as in MAAS. Their events stay in the log.
    </ConfirmedAct>
  );
}
