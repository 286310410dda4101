import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { forgetSession } from "./session.ts";
import { joined, refreshUsers } from "./users-query.ts";
import { counted } from "../page/text/grouped.ts";

interface ResetPasswordFormProps {
  readonly username: string;
  /** How many of theirs it ends; undefined while that isn't known. */
  readonly sessions: number | undefined;
  /** How many of theirs it deletes; as `sessions`. */
  readonly apiKeys: number | undefined;
  readonly isSelf: boolean;
}

const empty = { new_password: "" };

/** Gives somebody another password. */
export function ResetPasswordForm({ username, sessions, apiKeys, isSelf }: ResetPasswordFormProps) {
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
      <p>{consequence(sessions ?? 0, apiKeys ?? 0, isSelf ? "your" : "their")}</p>
      <ActionButton type="submit" loading={form.isPending} disabled={form.values.new_password === ""}>
        Reset password
      </ActionButton>
    </form>
  );
}

function consequence(sessions: number, apiKeys: number, whose: "your" | "their"): string {
  const ended = [
    ...(sessions > 0 ? [`ends ${whose} ${counted(sessions, "session")}`] : []),
    ...(apiKeys > 0 ? [`deletes ${whose} ${counted(apiKeys, "API key")}`] : []),
  ];
  return ended.length === 0
    ? "Resetting the password ends sessions and deletes API keys."
    : `Resetting the password ${joined(ended)}.`;
}
