import { useId } from "react";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { FormButtons } from "../page/forms/form-buttons.tsx";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshUsers } from "./users-query.ts";
import { ProfileFields } from "./profile-fields.tsx";

/** Makes an account for somebody. */
export function CreateUserPanel({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const form = useForm({
    initial: { username: "", last_name: "", email: "", password: "", is_superuser: false },
    submit: (body) => request("POST /users", { body }),
    onDone: ({ username }) => {
      announce(`Created user '${username}'.`);
      void refreshUsers();
      onClose();
    },
  });
  const { values } = form;
  const isReady = values.username !== "" && values.email !== "" && values.password !== "";
  return (
    <AsidePanel title="Create user" onClose={() => form.mayLeave() && onClose()}>
      {form.formError !== undefined && <Failure error={form.formError} />}
      <form noValidate autoComplete="off" onSubmit={form.onSubmit}>
        <Input
          type="text"
          label="Username"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.told("username", "Letters, digits and @.+-_. It can't be changed later.")}
          value={values.username}
          onChange={(event) => form.set({ username: event.target.value })}
        />
        <ProfileFields form={form} needsEmail />
        <PasswordToggle
          id={id}
          label="Password"
          required
          autoComplete="new-password"
          {...form.told("password", "8 to 1,024 characters.")}
          value={values.password}
          onChange={(event) => form.set({ password: event.target.value })}
        />
        <CheckboxInput
          label="Administrator"
          help="Administrators see every event and change everything."
          checked={values.is_superuser}
          onChange={(event) => form.set({ is_superuser: event.currentTarget.checked })}
        />
        <FormButtons verb="Create user" form={form} isReady={isReady} onClose={onClose} />
      </form>
    </AsidePanel>
  );
}
