import Select from "@canonical/react-components/dist/esm/components/Select";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { NameField } from "../page/forms/name-field.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { kindWords, refreshRules, type Rule, type RuleKind } from "./rule.ts";
import { RuleFields } from "./rule-fields.tsx";
import { bodyOfRule, emptyRule, ofKind, type RuleValues } from "./rule-values.ts";

// Its keys are the kinds.
const kinds = Object.keys(kindWords) as readonly RuleKind[];

const kindHelp: Readonly<Record<RuleKind, string>> = {
  threshold: "An alert when so many events match within a time.",
  absence: "An alert when no event matches for a time.",
  first: "An alert when something was not seen for 90 days.",
};

interface CreateRulePanelProps {
  readonly onCreated: (rule: Rule) => void;
  readonly onClose: () => void;
}

/** Makes a rule, which looks at what is recorded from then on. */
export function CreateRulePanel({ onCreated, onClose }: CreateRulePanelProps) {
  const form = useForm<RuleValues & { readonly name: string }, Rule>({
    initial: { ...emptyRule, name: "" },
    submit: async (values) => {
      const { name, kind } = values;
      return request("POST /rules", { body: { name, kind, ...bodyOfRule(values) } });
    },
    onDone: (added) => {
      announce(`Added rule '${added.name}'.`);
      void refreshRules().then(() => onCreated(added));
    },
  });
  const { values, told, set } = form;
  return (
    <FormPanel title="Add rule" verb="Add rule" form={form} isReady={values.name !== ""} onClose={onClose}>
      <Select
        label="Kind"
        options={kinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
        {...told("kind", kindHelp[values.kind])}
        value={values.kind}
        onChange={(event) => set(ofKind(kinds.find((kind) => kind === event.target.value) ?? "threshold"))}
      />
      <NameField form={form} where="alerts" />
      <RuleFields form={form} isShipped={false} />
    </FormPanel>
  );
}
