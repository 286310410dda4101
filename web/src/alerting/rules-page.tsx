import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { type ListColumn, List } from "../page/list/list.tsx";
import { OnOff } from "../page/list/state.tsx";
import { useNamedAside } from "../page/list/use-named-aside.ts";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Gone, Loaded } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { visible } from "../page/text/visible.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { CreateRulePanel } from "./create-rule-panel.tsx";
import { EditRulePanel } from "./edit-rule-panel.tsx";
import { conditionOf, type Rule, rulesQuery } from "./rule.ts";
import { RulePanel } from "./rule-panel.tsx";
import { Severity, severityNames } from "./severity.tsx";
import { Absent } from "../page/text/absent.tsx";

/** By what alerts are raised: administrators change it, auditors read it. */
export function RulesPage() {
  return (
    <ForReaders title="Rules">
      <Rules />
    </ForReaders>
  );
}

const columns: readonly ListColumn<Rule>[] = [
  { title: "Name", render: ({ name }) => name, sort: ({ name }) => name },
  { title: "Alert", className: "ui-wide", render: ({ title }) => visible(title), sort: ({ title }) => title },
  { title: "Condition", className: "ui-wide", render: conditionOf },
  {
    title: "Severity",
    className: "ui-severity",
    render: ({ severity }) => <Severity severity={severity} />,
    sort: ({ severity }) => severityNames.indexOf(severity),
  },
  {
    title: "State",
    className: "ui-short",
    render: ({ is_enabled: isOn }) => <OnOff isOn={isOn} />,
    sort: ({ is_enabled: isOn }) => Number(isOn),
  },
  {
    title: "Alerts go to",
    className: "ui-less-wide",
    render: ({ destinations }) => visible(destinations.join(", ")) || <Absent />,
    sort: ({ destinations }) => destinations.join(", "),
  },
  {
    title: "Shipped",
    className: "ui-less-wide ui-short",
    render: ({ is_shipped: isShipped }) => (isShipped ? "yes" : "no"),
    sort: ({ is_shipped: isShipped }) => Number(isShipped),
  },
];

function Rules() {
  const mayChange = useMayChange();
  const rules = useQuery(rulesQuery);
  const items = rules.data?.items;
  const { item: rule, isCreated, isEdited, gone, isOpen, create, show, edit, close } = useNamedAside(items);
  return (
    <Page
      title="Rules"
      count={<Count count={items?.length} noun="rule" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={create}>
            Add rule
          </Button>
        )
      }
      aside={
        isCreated ? (
          <CreateRulePanel onCreated={show} onClose={close} />
        ) : rule === undefined ? undefined : isEdited ? (
          <EditRulePanel key={rule.name} rule={rule} onDone={show} onClose={close} />
        ) : (
          <RulePanel key={rule.name} rule={rule} onEdit={() => edit(rule)} onClose={close} />
        )
      }
    >
      <AlertTabs />
      {gone !== undefined && <Gone what="rule" name={gone} />}
      <Loaded query={rules}>
        {(data) => (
          <List
            label="Rules"
            items={data.items}
            keyOf={({ name }) => name}
            columns={columns}
            onOpen={show}
            isOpen={isOpen}
          />
        )}
      </Loaded>
    </Page>
  );
}
