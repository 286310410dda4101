import { useId } from "react";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { useQuery } from "@tanstack/react-query";
import { FilterField } from "../events/filter/filter-field.tsx";
import { destinationsQuery } from "../forwarding/destination.ts";
import { DurationField } from "../page/forms/duration-field.tsx";
import type { Told } from "../page/text/told.tsx";
import { type Grouping, groupingWords } from "./rule.ts";
import type { RuleValues } from "./rule-values.ts";
import { severityNames } from "./severity.tsx";

interface RuleForm {
  readonly values: RuleValues;
  told(name: keyof RuleValues, help?: string): Told;
  set(changes: Partial<RuleValues>): void;
}

interface RuleFieldsProps {
  readonly form: RuleForm;
  /** What a rule looks for that comes with Ironlog stays. */
  readonly isShipped: boolean;
  /** False where the rule's time is that of something else. */
  readonly hasWindow?: boolean;
}

/** The fields that new and known rules have in common. */
export function RuleFields({ form, isShipped, hasWindow = true }: RuleFieldsProps) {
  const { values, told, set } = form;
  const { kind } = values;
  return (
    <>
      {!isShipped && (
        <>
          <Input
            type="text"
            label="Title"
            autoComplete="off"
            {...told("title", "What an alert says. Leave empty for the rule's name.")}
            value={values.title}
            onChange={(event) => set({ title: event.target.value })}
          />
          <FilterField
            told={(help) => told("filter", help)}
            ifEmpty="Leave empty for all events."
            value={values.filter}
            onChange={(filter) => set({ filter })}
          />
        </>
      )}
      {kind === "threshold" && (
        <Input
          type="text"
          inputMode="numeric"
          label="Number of events"
          autoComplete="off"
          {...told("count")}
          value={values.count}
          onChange={(event) => set({ count: event.target.value })}
        />
      )}
      {kind !== "first" && hasWindow && (
        <DurationField
          key={kind}
          label={kind === "threshold" ? "Within" : "For"}
          told={told("window_seconds")}
          value={values.window_seconds}
          onChange={(seconds) => set({ window_seconds: seconds })}
        />
      )}
      {!isShipped && kind === "threshold" && <CountedFor form={form} />}
      {!isShipped && kind === "first" && <NewThing form={form} />}
      <Select
        label="Severity"
        options={severityNames.map((name) => ({ value: name, label: name }))}
        {...told("severity")}
        value={values.severity}
        onChange={(event) => {
          const severity = severityNames.find((name) => name === event.target.value);
          if (severity !== undefined) set({ severity });
        }}
      />
      <DurationField
        label="Quiet for"
        told={told(
          "quiet_seconds",
          "After an alert there is no other for so long, of the same user, address or the like.",
        )}
        value={values.quiet_seconds}
        onChange={(seconds) => set({ quiet_seconds: seconds })}
      />
      <Destinations form={form} />
      <CheckboxInput
        label="Look for it"
        help="Without it the rule is off and raises no alert."
        checked={values.is_enabled}
        onChange={({ currentTarget: { checked } }) => set({ is_enabled: checked })}
      />
    </>
  );
}

// Its keys are the groupings.
const groupings = Object.keys(groupingWords) as readonly Grouping[];
const options = groupings.map((value) => ({ value, label: groupingWords[value] }));

function findGrouping(text: string): readonly Grouping[] {
  return groupings.filter((name) => name === text);
}

/** Of a threshold: whose events are counted together. */
function CountedFor({ form: { values, told, set } }: { readonly form: RuleForm }) {
  return (
    <Select
      label="Counted for each"
      options={[{ value: "", label: "all together" }, ...options]}
      {...told("group_by")}
      value={values.group_by[0] ?? ""}
      onChange={(event) => set({ group_by: findGrouping(event.target.value) })}
    />
  );
}

/** Of `first`: what is new, and for whom. */
function NewThing({ form: { values, told, set } }: { readonly form: RuleForm }) {
  const [thing = "ip"] = values.group_by.slice(-1);
  const others = values.group_by.slice(0, -1);
  const choose = (next: string, nextOthers: readonly Grouping[]): void =>
    set({ group_by: [...nextOthers.filter((other) => other !== next), ...findGrouping(next)] });
  return (
    <>
      <Select
        label="What is new"
        options={options}
        {...told("group_by", "It was not seen for 90 days.")}
        value={thing}
        onChange={(event) => choose(event.target.value, others)}
      />
      <Choices
        legend="For each"
        help="Without a choice: new for everybody."
        choices={groupings.filter((name) => name !== thing).map((name) => [name, groupingWords[name]])}
        chosen={others}
        onChange={(names) =>
          choose(
            thing,
            groupings.filter((name) => names.includes(name)),
          )
        }
      />
    </>
  );
}

/** Where its alerts go, also those that are gone. */
function Destinations({ form: { values, told, set } }: { readonly form: RuleForm }) {
  const { data } = useQuery(destinationsQuery);
  const known = data?.items.map(({ name }) => name) ?? [];
  const gone = data === undefined ? [] : values.destinations.filter((name) => !known.includes(name));
  if (known.length === 0 && gone.length === 0) return null;
  return (
    <Choices
      legend="Send its alerts to"
      help="Whatever the filters of these destinations are."
      error={told("destinations").error}
      choices={[
        ...known.map((name) => [name, name] as const),
        ...gone.map((name) => [name, `${name} (deleted)`] as const),
      ]}
      chosen={values.destinations}
      onChange={(destinations) => set({ destinations })}
    />
  );
}

interface ChoicesProps {
  readonly legend: string;
  readonly help: string;
  readonly error?: React.ReactNode;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Any of several. */
function Choices({ legend, help, error, choices, chosen, onChange }: ChoicesProps) {
  const id = useId();
  return (
    <fieldset className="ui-fieldset" aria-describedby={id}>
      <legend>{legend}</legend>
      <p id={id} className="u-text--muted u-no-margin--bottom">
        {help}
      </p>
      {error !== undefined && (
        <p className="p-form-validation__message" role="alert">
          {error}
        </p>
      )}
      {choices.map(([value, label]) => (
        <CheckboxInput
          key={value}
          label={label}
          checked={chosen.includes(value)}
          onChange={({ currentTarget: { checked } }) =>
            onChange([...chosen.filter((one) => one !== value), ...(checked ? [value] : [])])
          }
        />
      ))}
    </fieldset>
  );
}
