import { useMemo } from "react";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshRules, type Rule, verificationRule } from "./rule.ts";
import { RuleFields } from "./rule-fields.tsx";
import { changesOfRule, type RuleValues, valuesOfRule } from "./rule-values.ts";

interface EditRulePanelProps {
  readonly rule: Rule;
  /** Shows the rule again, changed or not. */
  readonly onDone: (rule: Rule) => void;
  readonly onClose: () => void;
}

/** Changes a rule. What one looks for that comes with Ironlog stays. */
export function EditRulePanel({ rule, onDone, onClose }: EditRulePanelProps) {
  const { name, is_shipped: isShipped } = rule;
  // As it was when the form opened: the list is read again beneath it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once
  const initial = useMemo(() => valuesOfRule(rule), []);
  const form = useForm<RuleValues, Rule>({
    initial,
    submit: async (values) => request("PATCH /rules/{name}", { path: { name }, body: changesOfRule(values, initial) }),
    onDone: (saved) => {
      announce(`Saved rule '${name}'.`);
      void refreshRules().then(() => onDone(saved));
    },
  });
  return (
    <FormPanel
      title={`Edit rule '${name}'`}
      verb="Save rule"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
      onCancel={() => onDone(rule)}
    >
      <RuleFields form={form} isShipped={isShipped} hasWindow={name !== verificationRule} />
    </FormPanel>
  );
}
