import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { Page } from "../page/page.tsx";
import { Loaded, NoPermission, Notice } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { visible } from "../page/text/visible.ts";
import { useAside } from "../page/use-aside.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { CreateRulePanel } from "./create-rule-panel.tsx";
import { EditRulePanel } from "./edit-rule-panel.tsx";
import { conditionOf, type Rule, rulesQuery } from "./rule.ts";
import { RulePanel } from "./rule-panel.tsx";
import { Severity } from "./severity.tsx";
import { Absent } from "../page/text/absent.tsx";

/** By what alerts are raised: administrators change it, auditors read it. */
export function RulesPage() {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return <Rules />;
  return (
    <Page title="Rules">
      <NoPermission />
    </Page>
  );
}

interface Shown {
  readonly name: string;
  readonly isEdited: boolean;
}

function Rules() {
  const mayChange = useMayChange();
  const rules = useQuery(rulesQuery);
  const wanted = useLocation({ select: ({ searchStr }) => new URLSearchParams(searchStr).get("name") });
  const { shown, open, close } = useAside<"create" | Shown>(
    wanted === null ? undefined : { name: wanted, isEdited: false },
  );
  const items = rules.data?.items;
  const rule = shown === "create" ? undefined : items?.find(({ name }) => name === shown?.name);
  const isGone =
    rule === undefined && items !== undefined && wanted !== null && !items.some(({ name }) => name === wanted);
  const show = (name: string): void => open({ name, isEdited: false });
  return (
    <Page
      title="Rules"
      count={<Count count={items?.length} noun="rule" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => open("create")}>
            Add rule
          </Button>
        )
      }
      aside={
        shown === "create" ? (
          <CreateRulePanel onCreated={show} onClose={close} />
        ) : rule === undefined ? undefined : shown?.isEdited === true ? (
          <EditRulePanel key={rule.name} rule={rule} onDone={show} onClose={close} />
        ) : (
          <RulePanel
            key={rule.name}
            rule={rule}
            onEdit={() => open({ name: rule.name, isEdited: true })}
            onClose={close}
          />
        )
      }
    >
      <AlertTabs />
      {isGone && <Notice severity="caution" title={`There is no rule '${visible(wanted)}' now.`} />}
      <Loaded query={rules}>{(data) => <RulesTable rules={data.items} onShow={show} />}</Loaded>
    </Page>
  );
}

interface RulesTableProps {
  readonly rules: readonly Rule[];
  readonly onShow: (name: string) => void;
}

function RulesTable({ rules, onShow }: RulesTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Rules"
        responsive
        headers={[
          { content: "Name" },
          { content: "Alert", className: "ui-wide" },
          { content: "Condition", className: "ui-wide" },
          { content: "Severity", className: "ui-severity" },
          { content: "State", className: "ui-short" },
          { content: "Alerts go to", className: "ui-less-wide" },
          { content: "Shipped", className: "ui-less-wide ui-short" },
        ]}
        rows={rules.map((rule) => ({
          key: rule.name,
          columns: [
            {
              content: (
                <Button appearance="link" className="ui-in-row" onClick={() => onShow(rule.name)}>
                  {rule.name}
                </Button>
              ),
              className: "ui-long",
            },
            { content: visible(rule.title), className: "ui-wide ui-long" },
            { content: conditionOf(rule), className: "ui-wide ui-long" },
            { content: <Severity severity={rule.severity} />, className: "ui-severity" },
            { content: rule.is_enabled ? "on" : "off", className: "ui-short" },
            { content: visible(rule.destinations.join(", ")) || <Absent />, className: "ui-less-wide ui-long" },
            { content: rule.is_shipped ? "yes" : "no", className: "ui-less-wide ui-short" },
          ],
        }))}
      />
    </div>
  );
}
