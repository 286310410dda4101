import { useEffect, useId, useRef } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { DurationField } from "../page/forms/duration-field.tsx";
import { type DurationUnit, durationUnits, exactDuration } from "../page/text/duration.ts";
import { told, type Told } from "../page/text/told.tsx";
import type { Setting, Typed } from "./setting.ts";

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: Typed;
  readonly error: string | undefined;
  readonly onChange: (value: Typed) => void;
}

/** What a setting is called, and beside that the name by which the APIs and MAAS know it. */
function SettingLabel({ setting }: { readonly setting: Setting }) {
  return (
    <>
      {setting.title} <RawName setting={setting} />
    </>
  );
}

function RawName({ setting: { name } }: { readonly setting: Setting }) {
  return <code className="ui-setting-name">{name}</code>;
}

/** The control for one setting. */
export function SettingField({ setting, value, error, onChange }: SettingFieldProps) {
  const { help, kind, choices, unit, is_secret: isSecret } = setting;
  const id = useId();
  if (isSecret) return <SecretField setting={setting} value={value} error={error} onChange={onChange} />;
  const below: Told = told(id, help, error);
  const label = <SettingLabel setting={setting} />;
  if (unit !== null && kind === "number") {
    return (
      <DurationField
        label={setting.title}
        beside={<RawName setting={setting} />}
        unit={durationUnitOf(unit)}
        value={String(value)}
        told={below}
        onChange={onChange}
      />
    );
  }
  if (kind === "boolean") {
    return (
      <CheckboxInput
        label={label}
        checked={value === true}
        {...below}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (kind === "choice") {
    return (
      <Select
        label={label}
        options={(choices ?? []).map((choice) => ({ value: choice, label: choiceWords(choice, unit) }))}
        value={String(value)}
        {...below}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      type="text"
      label={label}
      {...(kind === "number" && { inputMode: "numeric" as const })}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      value={String(value)}
      {...below}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type Unit = NonNullable<Setting["unit"]>;

function durationUnitOf(unit: Unit): DurationUnit {
  return unit.slice(0, -1) as DurationUnit;
}

/** A choice that is a time, in words: `3 hours`; and 0, which turns it off. */
function choiceWords(choice: string | number, unit: Unit | null): string {
  if (unit === null || typeof choice === "string") return String(choice);
  const length = durationUnits.find(([one]) => one === durationUnitOf(unit))?.[1] ?? 1;
  return choice === 0 ? "never" : exactDuration(choice * length);
}

interface SecretFieldProps {
  readonly setting: Setting;
  readonly value: Typed;
  readonly error: string | undefined;
  readonly onChange: (value: Typed) => void;
}

/** A value that nobody is shown: there is one or there is none, and it can be replaced. */
function SecretField({ setting, value, error, onChange }: SecretFieldProps) {
  const { title, value: stored, help } = setting;
  const id = useId();
  const isSet = stored !== "" && stored !== null;
  const isOpen = value !== undefined;
  const wasOpen = useRef(isOpen);
  const place = useRef<HTMLDivElement>(null);
  // The button that was pressed has gone: what has come in its place takes the focus.
  useEffect(() => {
    if (wasOpen.current !== isOpen) place.current?.querySelector<HTMLElement>("input, button")?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (!isOpen) {
    return (
      <div ref={place} className="p-form__group ui-secret" role="group" aria-labelledby={id}>
        <p className="p-form__label" id={id}>
          <SettingLabel setting={setting} />
        </p>
        <p className="ui-secret__state">
          {isSet ? "Set" : "Not set"}{" "}
          <Button type="button" dense onClick={() => onChange("")}>
            {isSet ? "Replace" : "Set"}
            <span className="u-off-screen"> {title}</span>
          </Button>
        </p>
        <p className="p-form-help-text">{help}</p>
      </div>
    );
  }
  return (
    <div ref={place} className="ui-secret">
      <PasswordToggle
        id={id}
        label={<SettingLabel setting={setting} />}
        autoComplete="new-password"
        value={String(value)}
        {...told(id, isSet ? `${help} Saved empty, it is removed.` : help, error)}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button type="button" dense onClick={() => onChange(undefined)}>
        Cancel<span className="u-off-screen"> the change of {title}</span>
      </Button>
    </div>
  );
}
