import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { MaybeTime } from "../page/field-list.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { State } from "../page/list/state.tsx";
import { useNamedAside } from "../page/list/use-named-aside.ts";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Gone, Loaded } from "../page/states.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Alarm } from "../page/text/alarm.tsx";
import { Count } from "../page/text/count.tsx";
import { grouped } from "../page/text/grouped.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { CreateSourcePanel } from "./create-source-panel.tsx";
import { EditSourcePanel } from "./edit-source-panel.tsx";
import { isUnsettled, lagOf, type Source, sourcesQuery, wayWords } from "./source.ts";
import { SourcePanel } from "./source-panel.tsx";
import { sourceStates } from "./source-state.ts";
import { Absent } from "../page/text/absent.tsx";

const refetchMs = 5_000;
/** While an import or the like goes on. */
const busyMs = 1_000;

/** The other MAASes whose events are recorded here: administrators change them, auditors read them. */
export function SourcesPage() {
  return (
    <ForReaders title="Sources">
      <Sources />
    </ForReaders>
  );
}

const columns: readonly ListColumn<Source>[] = [
  { title: "Name", render: ({ name }) => name, sort: ({ name }) => name },
  { title: "By", className: "ui-wide", render: ({ way }) => wayWords[way], sort: ({ way }) => wayWords[way] },
  {
    title: "State",
    className: "ui-state",
    render: ({ state }) => <State state={sourceStates[state]} />,
    sort: ({ state }) => sourceStates[state][1],
  },
  { title: "Lag", className: "ui-less-wide", render: lagOf },
  {
    title: "Last success",
    className: "ui-wide ui-time",
    render: ({ read_at: at }) => <MaybeTime value={at} />,
    sort: ({ read_at: at }) => at ?? "",
  },
  {
    title: "Mirrored",
    className: "ui-less-wide u-align--right",
    render: ({ mirrored }) => grouped(mirrored),
    sort: ({ mirrored }) => mirrored,
  },
  {
    title: "Gaps",
    className: "ui-wide u-align--right",
    render: ({ gaps }) => (gaps === null ? <Absent /> : grouped(gaps)),
    sort: ({ gaps }) => gaps ?? -1,
  },
  {
    title: "Vanished",
    className: "u-align--right",
    render: ({ vanished }) => <Alarm count={vanished} />,
    sort: ({ vanished }) => vanished ?? -1,
  },
  {
    title: "Changed",
    className: "u-align--right",
    render: ({ changed }) => <Alarm count={changed} />,
    sort: ({ changed }) => changed ?? -1,
  },
];

function Sources() {
  const mayChange = useMayChange();
  const sources = useQuery({
    ...sourcesQuery,
    refetchInterval: ({ state: { data } }) => (data?.items.some(isUnsettled) === true ? busyMs : refetchMs),
  });
  const items = sources.data?.items;
  const { item: source, isCreated, isEdited, gone, isOpen, create, show, edit, close } = useNamedAside(items);
  return (
    <Page
      title="Sources"
      sections={<SettingsSections />}
      count={<Count count={items?.length} noun="source" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={create}>
            Add source
          </Button>
        )
      }
      aside={
        isCreated ? (
          <CreateSourcePanel onCreated={show} onClose={close} />
        ) : source === undefined ? undefined : isEdited ? (
          <EditSourcePanel key={source.name} source={source} onDone={show} onClose={close} />
        ) : (
          <SourcePanel key={source.name} name={source.name} onEdit={() => edit(source)} onClose={close} />
        )
      }
    >
      {gone !== undefined && <Gone what="source" name={gone} />}
      <Loaded query={sources}>
        {(data) =>
          data.items.length === 0 ? (
            <NoSources onAdd={mayChange ? create : undefined} />
          ) : (
            <List
              label="Sources"
              items={data.items}
              keyOf={({ name }) => name}
              columns={columns}
              onOpen={show}
              isOpen={isOpen}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoSources({ onAdd }: { readonly onAdd: (() => void) | undefined }) {
  return (
    <Empty title="There are no sources." next={onAdd && { words: "Add the first source", onAct: onAdd }}>
      <p>
        Ironlog can record the events of a MAAS that you have, from 2.7 on, logins and deleted nodes included.{" "}
        {onAdd === undefined
          ? "An administrator adds a source here, or by command:"
          : "Add a source here, or by command:"}
      </p>
      <CopiedCode
        text="ironlog PROFILE sources create name=prod database=postgres://ironlog_mirror@maas-db/maasdb database_password@=FILE"
        what="the command that adds a source"
      />
      <p>Where its database can't be had, its address and an administrator's API key are enough to show a part.</p>
    </Empty>
  );
}
