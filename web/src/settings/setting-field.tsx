import { useEffect, useId, useRef } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { told, type Told } from "../page/text/told.tsx";
import type { Setting, Typed } from "./setting.ts";

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: Typed;
  readonly error: string | undefined;
  readonly onChange: (value: Typed) => void;
}

/** The control for one setting, under the name that MAAS gives it. */
export function SettingField({ setting, value, error, onChange }: SettingFieldProps) {
  const { name, help, kind, choices, is_secret: isSecret } = setting;
  const id = useId();
  if (isSecret) return <SecretField setting={setting} value={value} error={error} onChange={onChange} />;
  const below: Told = told(id, help, error);
  if (kind === "boolean") {
    return (
      <CheckboxInput
        label={name}
        checked={value === true}
        {...below}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (kind === "choice") {
    return (
      <Select
        label={name}
        options={(choices ?? []).map((choice) => ({ value: choice, label: String(choice) }))}
        value={String(value)}
        {...below}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      type="text"
      label={name}
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

interface SecretFieldProps {
  readonly setting: Setting;
  readonly value: Typed;
  readonly error: string | undefined;
  readonly onChange: (value: Typed) => void;
}

/** A value that nobody is shown: there is one or there is none, and it can be replaced. */
function SecretField({ setting: { name, value: stored, help }, value, error, onChange }: SecretFieldProps) {
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
          {name}
        </p>
        <p className="ui-secret__state">
          {isSet ? "Set" : "Not set"}{" "}
          <Button type="button" dense onClick={() => onChange("")}>
            {isSet ? "Replace" : "Set"}
            <span className="u-off-screen"> {name}</span>
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
        label={name}
        autoComplete="new-password"
        value={String(value)}
        {...told(id, isSet ? `${help} Saved empty, it is removed.` : help, error)}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button type="button" dense onClick={() => onChange(undefined)}>
        Cancel<span className="u-off-screen"> the change of {name}</span>
      </Button>
    </div>
  );
}
