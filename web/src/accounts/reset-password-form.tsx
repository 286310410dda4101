import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { forgetSession } from "./session.ts";
import { counted, refreshUsers } from "./users-query.ts";

interface ResetPasswordFormProps {
  readonly username: string;
  /** How many of theirs it ends; undefined while that isn't known. */
  readonly sessions: number | undefined;
  readonly isSelf: boolean;
}

const empty = { new_password: "" };

/** Gives somebody another password. */
export function ResetPasswordForm({ username, sessions, isSelf }: ResetPasswordFormProps) {
  const navigate = useNavigate();
  const id = useId();
  const form = useForm({
    initial: empty,
    submit: (body) => request("PUT /users/{username}/password", { path: { username }, body }),
    onDone: () => {
      form.reset(empty);
      if (isSelf) {
        void forgetSession("password", (reason) => void navigate({ to: "/login", search: { reason } }));
        return;
      }
      announce(`Set the password of '${username}'.`);
      void refreshUsers();
    },
  });
  return (
    <form className="ui-section" noValidate autoComplete="off" onSubmit={form.onSubmit} aria-labelledby={`${id}-title`}>
      <h3 className="p-muted-heading" id={`${id}-title`}>
        Password
      </h3>
      {form.formError !== undefined && <Failure error={form.formError} />}
      <PasswordToggle
        id={id}
        label="New password"
        autoComplete="new-password"
        {...form.told("new_password", "8 to 1,024 characters.")}
        value={form.values.new_password}
        onChange={(event) => form.set({ new_password: event.target.value })}
      />
      <p>
        {sessions === undefined || sessions === 0
          ? "API keys stay valid."
          : `Resetting the password ends ${isSelf ? "your" : "their"} ${counted(sessions, "session")}. API keys stay valid.`}
      </p>
      <ActionButton type="submit" loading={form.isPending} disabled={form.values.new_password === ""}>
        Reset password
      </ActionButton>
    </form>
  );
}
