import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { printFilterPairs } from "../events/filter/filter-pairs.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { type FieldPair, FieldList, MaybeTime } from "../page/field-list.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { OnOff } from "../page/list/state.tsx";
import { exactDuration } from "../page/text/duration.ts";
import { visible } from "../page/text/visible.ts";
import { conditionOf, kindWords, refreshRules, type Rule } from "./rule.ts";
import { RuleTrial } from "./rule-trial.tsx";
import { Severity } from "./severity.tsx";

interface RulePanelProps {
  readonly rule: Rule;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** One rule: when it raises an alert, what it would have raised, what can be done with it. */
export function RulePanel({ rule, onEdit, onClose }: RulePanelProps) {
  const mayChange = useMayChange();
  const [isDeleting, setDeleting] = useState(false);
  const { name, is_shipped: isShipped } = rule;
  const filter = printFilterPairs(rule);
  return (
    <AsidePanel title={`Rule '${name}'`} onClose={onClose}>
      <p>
        <strong>{visible(rule.title)}</strong>
      </p>
      <Fields rule={rule} filter={filter} />
      <p className="ui-section">
        <Link to="/" search={filter === "" ? {} : { q: filter }}>
          Show the events that match
        </Link>
        {" · "}
        <Link to="/" search={{ q: `target:rule/${name}` }}>
          Show its alerts and changes
        </Link>
      </p>
      <RuleTrial name={name} />
      {mayChange && (
        <div className="ui-form__buttons ui-section">
          <Button onClick={onEdit}>Edit rule</Button>
          {!isShipped && <Button onClick={() => setDeleting(true)}>Delete rule</Button>}
        </div>
      )}
      {isDeleting && (
        <ConfirmedAct
          title={`Delete rule '${name}'?`}
          verb="Delete rule"
          name={name}
          act={() => request("DELETE /rules/{name}", { path: { name } })}
          done={`Deleted rule '${name}'.`}
          onDone={async () => {
            onClose();
            await refreshRules();
          }}
          onClose={() => setDeleting(false)}
        >
          It raises no more alerts. Those that it has raised stay.
        </ConfirmedAct>
      )}
    </AsidePanel>
  );
}

function Fields({ rule, filter }: { readonly rule: Rule; readonly filter: string }) {
  const { kind, severity, quiet_seconds: quiet, destinations, is_enabled: isEnabled, is_shipped: isShipped } = rule;
  const changed: readonly FieldPair[] =
    rule.updated === null ? [] : [["Changed", <MaybeTime key="updated" value={rule.updated} />]];
  const fields: readonly FieldPair[] = [
    ["Condition", conditionOf(rule)],
    ["Filter", filter === "" ? "all events" : <Mono key="filter" text={filter} />],
    ["Kind", kindWords[kind].toLowerCase()],
    ["Severity", <Severity key="severity" severity={severity} />],
    ["Quiet for", quiet === 0 ? "not at all" : exactDuration(quiet)],
    ["Alerts go to", <DestinationLinks key="destinations" names={destinations} />],
    ["State", <OnOff key="state" isOn={isEnabled} />],
    ["Shipped", isShipped ? "yes: what it looks for can't be changed" : "no"],
    ...changed,
  ];
  return <FieldList fields={fields} />;
}

function Mono({ text }: { readonly text: string }) {
  return <span className="ui-mono">{visible(text)}</span>;
}

function DestinationLinks({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return "the bell alone";
  return names.map((name, at) => (
    <span key={name}>
      {at > 0 && ", "}
      <Link to="/destinations" search={{ name }}>
        {visible(name)}
      </Link>
    </span>
  ));
}
