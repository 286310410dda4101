import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { forgetSession } from "./session.ts";
import { sessionsQuery } from "./sessions-query.ts";
import { grouped } from "../page/text/grouped.ts";

const empty = { old_password: "", new_password: "", end_tokens: false };

/** Changes one's own password, which leads back to the login. */
export function PasswordForm({ username }: { readonly username: string }) {
  const navigate = useNavigate();
  const id = useId();
  const { data: sessions } = useQuery(sessionsQuery);
  const form = useForm({
    initial: empty,
    submit: (body) => request("PUT /account/password", { body }),
    onDone: () => {
      form.reset(empty);
      void forgetSession("password", (reason) => void navigate({ to: "/login", search: { reason } }));
    },
  });
  const { old_password: old, new_password: wanted, end_tokens: endTokens } = form.values;
  return (
    <form className="ui-form" noValidate onSubmit={form.onSubmit} aria-labelledby={id}>
      <h2 className="p-heading--5" id={id}>
        Password
      </h2>
      {form.formError !== undefined && <Failure error={form.formError} />}
      {/* For password managers, which else would ask whose it is. */}
      <input type="text" className="u-hide" autoComplete="username" value={username} readOnly aria-hidden="true" />
      <PasswordToggle
        id={`${id}-old`}
        label="Current password"
        autoComplete="current-password"
        {...form.told("old_password")}
        value={old}
        onChange={(event) => form.set({ old_password: event.target.value })}
      />
      <PasswordToggle
        id={`${id}-new`}
        label="New password"
        autoComplete="new-password"
        {...form.told("new_password", "8 to 1,024 characters.")}
        value={wanted}
        onChange={(event) => form.set({ new_password: event.target.value })}
      />
      <CheckboxInput
        label="Delete my API keys too"
        help="Do this if somebody else may know your password: they may have made a key."
        checked={endTokens}
        onChange={(event) => form.set({ end_tokens: event.currentTarget.checked })}
      />
      <p>{consequence(sessions?.items.length, endTokens)}</p>
      <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={old === "" || wanted === ""}>
        Change password
      </ActionButton>
    </form>
  );
}

function consequence(sessions: number | undefined, endTokens: boolean): string {
  const ended =
    sessions === undefined
      ? "all of your sessions, this one too"
      : sessions === 1
        ? "this session"
        : `all ${grouped(sessions)} sessions, this one too`;
  return `Changing your password ends ${ended}. ${endTokens ? "Your API keys are deleted." : "API keys stay valid."}`;
}
