import { useId } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshUsers } from "./users-query.ts";
import { ProfileFields } from "./profile-fields.tsx";
import { RoleFields } from "./role.tsx";

/** Makes an account for somebody. */
export function CreateUserPanel({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const form = useForm({
    initial: { username: "", last_name: "", email: "", password: "", is_superuser: false, is_auditor: false },
    submit: (body) => request("POST /users", { body }),
    onDone: ({ username }) => {
      announce(`Added user '${username}'.`);
      void refreshUsers();
      onClose();
    },
  });
  const { values } = form;
  const isReady = values.username !== "" && values.email !== "" && values.password !== "";
  return (
    <FormPanel title="Add user" verb="Add user" form={form} isReady={isReady} onClose={onClose}>
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
      <RoleFields form={form} />
    </FormPanel>
  );
}
