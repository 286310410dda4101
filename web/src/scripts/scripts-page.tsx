import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { NotFound } from "../page/not-found.tsx";
import { Count } from "../page/text/count.tsx";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { RowAct } from "../page/list/row-act.tsx";
import { SearchBox } from "../page/list/search-box.tsx";
import { Empty, Loaded, NoneMatches } from "../page/states.tsx";
import { Absent } from "../page/text/absent.tsx";
import { Time } from "../page/text/time.tsx";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { kindTitle, parseKind, type Script, type ScriptKind } from "./kind.ts";
import { UploadPanel } from "./upload-panel.tsx";

/** The scripts of one kind. */
export function ScriptsPage() {
  const kind = parseKind(useParams({ from: "/shell/settings/scripts/$kind" }).kind);
  if (kind === undefined) return <NotFound />;
  return (
    <ForReaders title={kindTitle(kind)}>
      <Scripts key={kind} kind={kind} />
    </ForReaders>
  );
}

function Scripts({ kind }: { readonly kind: ScriptKind }) {
  const mayChange = useMayChange();
  const [search, setSearch] = useState("");
  const [isUploading, setUploading] = useState(false);
  const [deleting, setDeleting] = useState<Script>();
  const scripts = useQuery({
    queryKey: ["scripts", kind],
    queryFn: ({ signal }) => request("GET /scripts", { query: new URLSearchParams({ type: kind }), signal }),
  });
  const items = scripts.data?.items;
  const wanted = search.toLowerCase();
  const shown = items?.filter(({ name, title, tags }) =>
    [name, title, ...tags].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title={kindTitle(kind)}
      sections={<SettingsSections />}
      count={<Count count={items?.length} noun="script" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => setUploading(true)}>
            Upload script
          </Button>
        )
      }
      aside={isUploading && <UploadPanel kind={kind} onClose={() => setUploading(false)} />}
    >
      <SearchBox label="Search scripts" value={search} onChange={setSearch} />
      <Loaded query={scripts}>
        {() =>
          items?.length === 0 ? (
            <Empty
              title={`There are no ${kind} scripts.`}
              next={mayChange ? { words: "Upload the first script", onAct: () => setUploading(true) } : undefined}
            >
              MAAS runs them on machines. A script is a text that begins with #!.
            </Empty>
          ) : (
            <ScriptsTable kind={kind} scripts={shown ?? []} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && <DeleteScript script={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}

interface ScriptsTableProps {
  readonly kind: ScriptKind;
  readonly scripts: readonly Script[];
  readonly onDelete: (script: Script) => void;
}

const columns: readonly ListColumn<Script>[] = [
  {
    title: "Name",
    render: ({ type: kind, name }) => (
      <Link to="/settings/scripts/$kind/$name" params={{ kind, name }}>
        {name}
      </Link>
    ),
    sort: ({ name }) => name,
  },
  {
    title: "Hardware",
    className: "ui-wide",
    render: ({ hardware_type: type }) => type,
    sort: ({ hardware_type: type }) => type,
  },
  {
    title: "Tags",
    render: ({ tags }) => (tags.length === 0 ? <Absent /> : tags.join(", ")),
    sort: ({ tags }) => tags.join(", "),
  },
  {
    title: "Changed",
    className: "ui-time",
    render: ({ updated }) => <Time value={updated} />,
    sort: ({ updated }) => updated,
  },
];

function ScriptsTable({ kind, scripts, onDelete }: ScriptsTableProps) {
  const mayChange = useMayChange();
  if (scripts.length === 0) return <NoneMatches noun="script" />;
  return (
    <List
      label={kindTitle(kind)}
      items={scripts}
      keyOf={({ id }) => id}
      columns={columns}
      sortedBy="Name"
      renderActions={
        mayChange
          ? (script) => <RowAct does="delete" words={`Delete ${script.name}`} onAct={() => onDelete(script)} />
          : undefined
      }
    />
  );
}

interface DeleteScriptProps {
  readonly script: Script;
  readonly onClose: () => void;
  readonly onDone?: () => Promise<void>;
}

/** Asks for the name before a script goes. */
export function DeleteScript({ script, onClose, onDone }: DeleteScriptProps) {
  const queryClient = useQueryClient();
  return (
    <ConfirmedAct
      title={`Delete script '${script.name}'?`}
      verb="Delete script"
      name={script.name}
      act={() => request("DELETE /scripts/{name}", { path: { name: script.name } })}
      done={`Deleted script '${script.name}'.`}
      onDone={async () => {
        await onDone?.();
        // What is gone isn't asked for once more by the page that is just being left; only by one that is opened later.
        await queryClient.invalidateQueries({ queryKey: ["scripts", "one", script.name], refetchType: "none" });
        await queryClient.invalidateQueries({ queryKey: ["scripts", script.type] });
      }}
      onClose={onClose}
    >
      All of its versions are deleted too. Its events stay in the log.
    </ConfirmedAct>
  );
}
