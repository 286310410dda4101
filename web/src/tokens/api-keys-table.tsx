import { EventsLink } from "../events/event-link.tsx";
import { addedColumn } from "../page/list/added-column.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { RowAct } from "../page/list/row-act.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { type ApiKey, scopeWords } from "./api-key.ts";
import { Absent } from "../page/text/absent.tsx";

interface ApiKeysTableProps {
  readonly keys: readonly ApiKey[];
  /** Which of them is renamed. */
  readonly isOpen?: (key: ApiKey) => boolean;
  /** Undefined where they can't be renamed, as somebody else's. */
  readonly onRename?: (key: ApiKey) => void;
  /** Undefined where they are only looked at. */
  readonly onDelete: ((key: ApiKey) => void) | undefined;
}

/** API keys, each with what it may, and what it has done. */
export function ApiKeysTable({ keys, isOpen, onRename, onDelete }: ApiKeysTableProps) {
  const columns: readonly ListColumn<ApiKey>[] = [
    {
      title: "Name",
      render: ({ name }) => (name === "" ? <Absent /> : visible(name)),
      sort: ({ name }) => name.toLowerCase(),
    },
    addedColumn,
    {
      title: "Last used",
      className: "ui-time",
      render: (key) => <LastUse of={key} />,
      sort: ({ last_used: used }) => used ?? "",
    },
    {
      title: "Ends",
      className: "ui-time",
      render: ({ expires }) => (expires === null ? "never" : <End at={expires} />),
      // What never ends is last.
      sort: ({ expires }) => expires ?? "9999",
    },
    { title: "May", render: (key) => mayWords(key, onRename === undefined ? "others" : "own") },
    {
      title: "Fingerprint",
      className: "ui-wide",
      render: ({ fingerprint }) => <span className="ui-mono">{fingerprint}</span>,
    },
    {
      title: "Events",
      className: "ui-type",
      render: ({ name, fingerprint }) => <EventsLink filter={`key:${fingerprint}`} of={`API key '${visible(name)}'`} />,
    },
  ];
  return (
    <List
      label="API keys"
      items={keys}
      keyOf={({ token_key: id }) => id}
      columns={columns}
      {...(isOpen !== undefined && { isOpen })}
      renderActions={
        onDelete &&
        ((key) => (
          <>
            {onRename !== undefined && (
              <RowAct does="edit" words={`Rename ${visible(key.name)}`} onAct={() => onRename(key)} />
            )}
            <RowAct does="delete" words={`Delete ${visible(key.name)}`} onAct={() => onDelete(key)} />
          </>
        ))
      }
    />
  );
}

/** When it was used last, and from where. */
function LastUse({ of: { last_used: at, last_ip: ip } }: { readonly of: ApiKey }) {
  if (at === null) return "never";
  return (
    <>
      <Time value={at} />
      {ip !== null && (
        <>
          {" "}
          from <span className="ui-mono">{ip}</span>
        </>
      )}
    </>
  );
}

function mayWords({ scopes, source }: ApiKey, whose: "own" | "others"): string {
  if (scopes === null) return whose === "own" ? "everything you may" : "everything they may";
  const words = scopes
    .map((one) => (whose === "others" && one === "admin" ? "everything they may" : scopeWords[one]))
    .join(", ");
  return source === null ? words : `${words}, for ${source}`;
}

function End({ at }: { readonly at: string }) {
  const hasEnded = Date.parse(at) <= Date.now();
  return (
    <>
      {hasEnded && "ended "}
      <Time value={at} />
    </>
  );
}
