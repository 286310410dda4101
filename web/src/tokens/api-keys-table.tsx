import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { EventsLink } from "../events/event-link.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { type ApiKey, scopeWords } from "./api-key.ts";
import { Absent } from "../page/text/absent.tsx";

interface ApiKeysTableProps {
  readonly keys: readonly ApiKey[];
  /** Undefined where they can't be renamed, as somebody else's. */
  readonly onRename?: (key: ApiKey) => void;
  /** Undefined where they are only looked at. */
  readonly onDelete: ((key: ApiKey) => void) | undefined;
}

/** API keys, each with what it may, and what it has done. */
export function ApiKeysTable({ keys, onRename, onDelete }: ApiKeysTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="API keys"
        responsive
        sortable
        headers={[
          { content: "Name", sortKey: "name" },
          { content: "Created", sortKey: "created", className: "ui-time ui-wide" },
          { content: "Last used", sortKey: "used", className: "ui-time" },
          { content: "Ends", sortKey: "expires", className: "ui-time" },
          { content: "May" },
          { content: "Fingerprint", className: "ui-wide" },
          { content: "Events", className: "ui-type" },
          ...(onDelete === undefined ? [] : [{ content: "Actions", className: "ui-actions" }]),
        ]}
        rows={keys.map((key) => ({
          key: key.token_key,
          // What never ends is last.
          sortData: {
            name: key.name.toLowerCase(),
            created: key.created,
            used: key.last_used ?? "",
            expires: key.expires ?? "9999",
          },
          columns: [
            { content: key.name === "" ? <Absent /> : visible(key.name), className: "ui-long" },
            { content: <Time value={key.created} />, className: "ui-wide" },
            { content: <LastUse of={key} /> },
            { content: key.expires === null ? "never" : <End at={key.expires} /> },
            {
              content: mayWords(key, onRename === undefined ? "others" : "own"),
            },
            { content: <span className="ui-mono">{key.fingerprint}</span>, className: "ui-wide" },
            { content: <EventsLink filter={`key:${key.fingerprint}`} of={`API key '${visible(key.name)}'`} /> },
            ...(onDelete === undefined
              ? []
              : [
                  {
                    className: "ui-actions",
                    content: (
                      <>
                        {onRename !== undefined && (
                          <Button appearance="base" hasIcon dense onClick={() => onRename(key)}>
                            <i className="p-icon--edit">Rename {visible(key.name)}</i>
                          </Button>
                        )}
                        <Button appearance="base" hasIcon dense onClick={() => onDelete(key)}>
                          <i className="p-icon--delete">Delete {visible(key.name)}</i>
                        </Button>
                      </>
                    ),
                  },
                ]),
          ],
        }))}
      />
    </div>
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
