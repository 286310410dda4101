import Input from "@canonical/react-components/dist/esm/components/Input";
import { request } from "../api/request.ts";
import { describeTerm, type FilterTerm, printFilter } from "../events/filter/filter-language.ts";
import { factsOf } from "../events/filter/filter-keys.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { DurationField } from "../page/forms/duration-field.tsx";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { InvalidField } from "../page/forms/invalid-field.ts";
import { useForm } from "../page/forms/use-form.ts";
import { Notice } from "../page/states.tsx";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshRules, type Rule } from "./rule.ts";
import { bodyOfRule, emptyRule } from "./rule-values.ts";

interface AlertMePanelProps {
  /** What the page shows. */
  readonly terms: readonly FilterTerm[];
  readonly onMade: (name: string) => void;
  readonly onClose: () => void;
}

/** Makes a rule of what the page shows: an alert when there is more of it than usual. */
export function AlertMePanel({ terms, onMade, onClose }: AlertMePanelProps) {
  if (terms.some(({ key }) => key === "text")) {
    return (
      <AsidePanel title="Alert me" onClose={onClose}>
        <Notice severity="information" title="Alerts can't search for words.">
          Remove the words from the filter, and leave what says user, action, target or the like.
        </Notice>
      </AsidePanel>
    );
  }
  return <AlertMeForm terms={terms} onMade={onMade} onClose={onClose} />;
}

function AlertMeForm({ terms, onMade, onClose }: AlertMePanelProps) {
  // A rule looks at what is recorded from now on.
  const lasting = terms.filter(({ key }) => factsOf(key).isTime !== true);
  const form = useForm({
    initial: { name: "", count: "5", window_seconds: "600" },
    submit: async ({ name: title, count, window_seconds }): Promise<Rule> => {
      const body = bodyOfRule({
        ...emptyRule,
        title,
        filter: printFilter(lasting),
        count,
        window_seconds,
        quiet_seconds: window_seconds,
      });
      // One more than so many is the first that is too many.
      const more = { count: (body.count ?? 0) + 1 };
      return request("POST /rules", { body: { ...body, ...more, kind: "threshold", name: ruleName(title) } });
    },
    onDone: ({ name }) => {
      announce(`Added '${name}'.`);
      void refreshRules().then(() => onMade(name));
    },
  });
  const { values, told, set } = form;
  return (
    <FormPanel
      title="Alert me"
      verb="Add rule"
      form={form}
      isReady={values.name.trim() !== ""}
      onClose={onClose}
      before={
        <>
          <p>
            An alert when many events come at once of{" "}
            {lasting.length === 0 ? (
              "all events"
            ) : (
              <span className="ui-mono">
                {visible(lasting.map((term) => describeTerm(term, new Map())).join(" · "))}
              </span>
            )}
            .
            {lasting.length < terms.length &&
              " The filter's times are left out: a rule looks at what is recorded from now on."}
          </p>
        </>
      }
    >
      <Input
        type="text"
        label="What an alert says"
        required
        autoComplete="off"
        {...told("name", "Such as 'Many failed logins'. The rule is named after it.")}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Input
        type="text"
        inputMode="numeric"
        label="More than"
        autoComplete="off"
        {...told("count", "Number of events.")}
        value={values.count}
        onChange={(event) => set({ count: event.target.value })}
      />
      <DurationField
        label="Within"
        told={told("window_seconds", "After an alert there is no other for so long.")}
        value={values.window_seconds}
        onChange={(seconds) => set({ window_seconds: seconds })}
      />
    </FormPanel>
  );
}

const nameMax = 40;

/** A name as rules have them: `Many failed logins` makes `many-failed-logins`. Throws an InvalidField. */
function ruleName(words: string): string {
  const plain = words.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const name = plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, nameMax)
    .replaceAll(/^-+|-+$/g, "");
  if (name !== "") return name;
  throw new InvalidField("name", "Enter some letters or digits, a to z or 0 to 9: the rule is named after them.");
}
