import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { Page } from "../page/page.tsx";
import { Empty, Loaded, NoPermission } from "../page/states.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Alarm } from "../page/text/alarm.tsx";
import { Count } from "../page/text/count.tsx";
import { grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import { useAside } from "../page/use-aside.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { CreateSourcePanel } from "./create-source-panel.tsx";
import { EditSourcePanel } from "./edit-source-panel.tsx";
import { isUnsettled, lagOf, type Source, sourcesQuery, wayWords } from "./source.ts";
import { SourcePanel } from "./source-panel.tsx";
import { SourceState } from "./source-state.tsx";
import { Absent } from "../page/text/absent.tsx";

const refetchMs = 5_000;
/** While an import or the like goes on. */
const busyMs = 1_000;

/** The other MAASes whose events are recorded here: administrators change them, auditors read them. */
export function SourcesPage() {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return <Sources />;
  return (
    <Page title="Sources">
      <NoPermission />
    </Page>
  );
}

interface Shown {
  readonly name: string;
  readonly isEdited: boolean;
}

function Sources() {
  const mayChange = useMayChange();
  const sources = useQuery({
    ...sourcesQuery,
    refetchInterval: ({ state: { data } }) => (data?.items.some(isUnsettled) === true ? busyMs : refetchMs),
  });
  const { shown, open, close } = useAside<"create" | Shown>();
  const items = sources.data?.items;
  const source = shown === "create" ? undefined : items?.find(({ name }) => name === shown?.name);
  const show = (name: string): void => open({ name, isEdited: false });
  return (
    <Page
      title="Sources"
      sections={<SettingsSections />}
      count={<Count count={items?.length} noun="source" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => open("create")}>
            Add source
          </Button>
        )
      }
      aside={
        shown === "create" ? (
          <CreateSourcePanel onCreated={show} onClose={close} />
        ) : source === undefined ? undefined : shown?.isEdited === true ? (
          <EditSourcePanel key={source.name} source={source} onDone={show} onClose={close} />
        ) : (
          <SourcePanel
            key={source.name}
            name={source.name}
            onEdit={() => open({ name: source.name, isEdited: true })}
            onClose={close}
          />
        )
      }
    >
      <Loaded query={sources}>
        {(data) =>
          data.items.length === 0 ? (
            <NoSources mayChange={mayChange} />
          ) : (
            <SourcesTable sources={data.items} onShow={show} />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoSources({ mayChange }: { readonly mayChange: boolean }) {
  return (
    <Empty title="No MAAS is mirrored.">
      <p>
        Ironlog can record the events of a MAAS that you have, from 2.7 on, logins and deleted nodes included.{" "}
        {mayChange ? "Add a source here, or by command:" : "An administrator adds a source here, or by command:"}
      </p>
      <CopiedCode
        text="ironlog PROFILE sources create name=prod database=postgres://ironlog_mirror@maas-db/maasdb database_password@=FILE"
        what="the command that adds a source"
      />
      <p>Where its database can't be had, its address and an administrator's API key are enough to show a part.</p>
    </Empty>
  );
}

interface SourcesTableProps {
  readonly sources: readonly Source[];
  readonly onShow: (name: string) => void;
}

function SourcesTable({ sources, onShow }: SourcesTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Sources"
        responsive
        headers={[
          { content: "Name" },
          { content: "By", className: "ui-wide" },
          { content: "State", className: "ui-state" },
          { content: "Lag", className: "ui-less-wide" },
          { content: "Last success", className: "ui-wide ui-time" },
          { content: "Mirrored", className: "ui-less-wide u-align--right" },
          { content: "Gaps", className: "ui-wide u-align--right" },
          { content: "Vanished", className: "u-align--right" },
          { content: "Changed", className: "u-align--right" },
        ]}
        rows={sources.map((source) => ({
          key: source.name,
          columns: [
            {
              content: (
                <Button appearance="link" className="ui-in-row" onClick={() => onShow(source.name)}>
                  {source.name}
                </Button>
              ),
              className: "ui-long",
            },
            { content: wayWords[source.way], className: "ui-wide" },
            { content: <SourceState state={source.state} />, className: "ui-state" },
            { content: lagOf(source), className: "ui-less-wide" },
            {
              content: source.read_at === null ? "none yet" : <Time value={source.read_at} />,
              className: "ui-wide ui-time",
            },
            { content: grouped(source.mirrored), className: "ui-less-wide u-align--right" },
            { content: source.gaps === null ? <Absent /> : grouped(source.gaps), className: "ui-wide u-align--right" },
            { content: <Alarm count={source.vanished} />, className: "u-align--right" },
            { content: <Alarm count={source.changed} />, className: "u-align--right" },
          ],
        }))}
      />
    </div>
  );
}
