import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { request } from "../api/request.ts";
import { NotFound } from "../page/not-found.tsx";
import { FieldList, type FieldPair } from "../page/field-list.tsx";
import { Page } from "../page/page.tsx";
import { Loaded, NoPermission } from "../page/states.tsx";
import { type Tab, Tabs } from "../page/tabs.tsx";
import { Time } from "../page/text/time.tsx";
import { useAside } from "../page/use-aside.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { visible } from "../page/text/visible.ts";
import { parseKind, type Script, type ScriptKind } from "./kind.ts";
import { revisionQuery } from "./revision-query.ts";
import { ScriptTags } from "./script-tags.tsx";
import { DeleteScript } from "./scripts-page.tsx";
import { UploadPanel } from "./upload-panel.tsx";
import { Versions } from "./versions.tsx";
import { exactDuration } from "../page/text/duration.ts";
import { grouped } from "../page/text/grouped.ts";

/** One script: what it is and what it says, or its versions. */
export function ScriptPage() {
  const { kind: given, name } = useParams({ from: "/shell/settings/scripts/$kind/$name" });
  const { tab }: { tab?: string } = useSearch({ strict: false });
  const kind = parseKind(given);
  const { data: user } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const { shown, open, close } = useAside<"upload" | "delete">();
  const script = useQuery({
    queryKey: ["scripts", "one", name],
    queryFn: ({ signal }) => request("GET /scripts/{name}", { path: { name }, signal }),
    enabled: readsAll(user),
  });
  if (kind === undefined) return <NotFound />;
  if (!readsAll(user)) {
    return (
      <Page title={name}>
        <NoPermission />
      </Page>
    );
  }
  if (script.data !== undefined && script.data.type !== kind) {
    const params = { kind: script.data.type, name };
    return <Navigate to="/settings/scripts/$kind/$name" params={params} search replace />;
  }
  return (
    <Page
      title={name}
      sections={<SettingsSections />}
      controls={
        script.isError || user?.is_superuser !== true ? undefined : (
          <>
            <Button appearance="positive" onClick={() => open("upload")}>
              Upload version
            </Button>
            <Button onClick={() => open("delete")}>Delete script</Button>
          </>
        )
      }
      aside={shown === "upload" && <UploadPanel kind={kind} name={name} onClose={close} />}
    >
      <ScriptTabs kind={kind} name={name} isVersions={tab === "versions"} />
      <Loaded query={script}>
        {(data) => (tab === "versions" ? <Versions script={data} /> : <Summary script={data} />)}
      </Loaded>
      {shown === "delete" && script.data !== undefined && (
        <DeleteScript
          script={script.data}
          onClose={close}
          onDone={() => navigate({ to: "/settings/scripts/$kind", params: { kind } })}
        />
      )}
    </Page>
  );
}

interface ScriptTabsProps {
  readonly kind: ScriptKind;
  readonly name: string;
  readonly isVersions: boolean;
}

function ScriptTabs({ kind, name, isVersions }: ScriptTabsProps) {
  const to = `/settings/scripts/${kind}/${encodeURIComponent(name)}`;
  const tabs: readonly Tab[] = [
    { to, words: "Summary", search: {}, isShown: !isVersions },
    { to, words: "Versions", search: { tab: "versions" }, isShown: isVersions },
  ];
  return <Tabs label="Script" tabs={tabs} />;
}

function Summary({ script }: { readonly script: Script }) {
  const fields: readonly FieldPair[] = [
    ["Title", visible(script.title)],
    ["Description", visible(script.description)],
    ["Hardware", script.hardware_type],
    ["Parallel", script.parallel],
    ["Timeout", script.timeout_seconds === 0 ? "none" : exactDuration(script.timeout_seconds)],
    ["Destructive", script.destructive ? "yes" : "no"],
    ["May reboot", script.may_reboot ? "yes" : "no"],
    ["For hardware", script.for_hardware.join(", ")],
    ["Added", <Time key="created" value={script.created} />],
    ["Changed", <Time key="updated" value={script.updated} />],
    ["Tags", <ScriptTags key="tags" script={script} />],
  ];
  return (
    <>
      <FieldList fields={fields} />
      <Content script={script} />
    </>
  );
}

function Content({ script }: { readonly script: Script }) {
  const revision = useQuery(revisionQuery(script.name, script.revision));
  return (
    <section className="ui-script" aria-labelledby="script-heading">
      <h2 id="script-heading" className="p-muted-heading">
        Script
      </h2>
      <Loaded query={revision}>
        {({ content }) => (
          <div className="ui-code" tabIndex={0} role="group" aria-label="The script's text">
            <Lines text={visible(content)} />
          </div>
        )}
      </Loaded>
    </section>
  );
}

/** Lines that are drawn at once; a script may have hundreds of thousands. */
const linesAtOnce = 2_000;

function Lines({ text }: { readonly text: string }) {
  const [count, setCount] = useState(linesAtOnce);
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <>
      <ol className="ui-lines">
        {lines.slice(0, count).map((line, at) => (
          <li key={at}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
      {count < lines.length && (
        <button type="button" className="p-button is-dense" onClick={() => setCount((now) => now + linesAtOnce)}>
          Show more of {grouped(lines.length)} lines
        </button>
      )}
    </>
  );
}
