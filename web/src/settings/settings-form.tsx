import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMayChange } from "../accounts/may-change.ts";
import { Failure } from "../page/states.tsx";
import type { Setting } from "./setting.ts";
import { SettingField } from "./setting-field.tsx";
import { useSettingsForm } from "./use-settings-form.ts";

/** The settings of one group, saved together. */
export function SettingsForm({ title, settings }: { readonly title: string; readonly settings: readonly Setting[] }) {
  const id = useId();
  const form = useSettingsForm(title, settings);
  const mayChange = useMayChange();
  return (
    <form className="ui-form ui-settings" noValidate autoComplete="off" onSubmit={form.onSubmit} aria-labelledby={id}>
      <h2 className="p-heading--5" id={id}>
        {title}
      </h2>
      {form.formError !== undefined && <Failure error={form.formError} />}
      <fieldset className="ui-bare-fieldset" disabled={!mayChange} aria-labelledby={id}>
        {settings.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            value={form.valueOf(setting)}
            error={form.errorOf(setting.name)}
            onChange={(value) => form.set(setting.name, value)}
          />
        ))}
      </fieldset>
      {mayChange && (
        <div className="ui-form__buttons">
          <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={!form.isChanged}>
            Save<span className="u-off-screen"> {title}</span>
          </ActionButton>
          {form.isSaved && <span className="ui-saved">Saved</span>}
        </div>
      )}
    </form>
  );
}
