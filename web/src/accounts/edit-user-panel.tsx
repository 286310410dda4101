import { useId, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import { useQuery } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { FormButtons } from "../page/forms/form-buttons.tsx";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { EndAllSessions, endWords } from "./user/end-all-sessions.tsx";
import { ResetFactor } from "./second-factor/reset-factor.tsx";
import { ResetPasswordForm } from "./reset-password-form.tsx";
import { type ListedUser, refreshUsers, userSessionsQuery } from "./users-query.ts";
import { ProfileFields } from "./profile-fields.tsx";
import { RoleFields } from "./role.tsx";
import { counted } from "../page/text/grouped.ts";

interface EditUserPanelProps {
  readonly user: ListedUser;
  /** Whether an administrator looks at their own account. */
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

/** Everything that can be changed of a user. */
export function EditUserPanel({ user, isSelf, onClose }: EditUserPanelProps) {
  const { username } = user;
  const sessions = useQuery(userSessionsQuery(username)).data?.items.length;
  const form = useForm({
    initial: {
      last_name: user.last_name,
      email: user.email,
      is_superuser: user.is_superuser,
      is_auditor: user.is_auditor,
      is_break_glass: user.is_break_glass,
    },
    submit: ({ email, last_name, is_break_glass: isBreakGlass, ...roles }) => {
      const isRoleNew = roles.is_superuser !== user.is_superuser || roles.is_auditor !== user.is_auditor;
      // An empty address isn't one that can be set: it stays as it is. A role is sensitive: it is sent if it was changed.
      const body = {
        last_name,
        ...(email !== user.email && { email }),
        ...(isRoleNew && roles),
        ...(isBreakGlass !== user.is_break_glass && { is_break_glass: isBreakGlass }),
      };
      return request("PATCH /users/{username}", { path: { username }, body });
    },
    onDone: () => {
      announce(`Saved user '${username}'.`);
      void refreshUsers();
    },
  });
  const id = useId();
  const isDemoted = user.is_superuser && !form.values.is_superuser;
  return (
    <AsidePanel title={`Edit user '${username}'`} onClose={() => form.leaveFor(onClose)}>
      <form noValidate autoComplete="off" onSubmit={form.onSubmit} aria-labelledby={id}>
        <h3 className="p-muted-heading" id={id}>
          Profile
        </h3>
        {form.formError !== undefined && <Failure error={form.formError} />}
        <ProfileFields form={form} />
        <RoleFields form={form} isDemoted={isDemoted} />
        {form.values.is_superuser && (
          <CheckboxInput
            label="Break-glass account"
            help="Logs in with a password also where password login is closed. Each login is an alarm."
            checked={form.values.is_break_glass}
            onChange={({ currentTarget: { checked } }) => form.set({ is_break_glass: checked })}
          />
        )}
        <FormButtons verb="Save user" form={form} isReady={form.isChanged} onClose={onClose} />
      </form>
      <ResetPasswordForm username={username} sessions={sessions} apiKeys={user.api_keys ?? undefined} isSelf={isSelf} />
      <ResetFactor user={user} />
      <Access user={user} sessions={sessions} />
    </AsidePanel>
  );
}

/** Sessions and deactivation: what keeps somebody out, for now or until further notice. */
function Access({ user, sessions }: { readonly user: ListedUser; readonly sessions: number | undefined }) {
  const { username } = user;
  const [asked, setAsked] = useState<"sessions" | "deactivate" | "activate">();
  const open = sessions ?? 0;
  const apiKeys = user.api_keys ?? 0;
  const close = (): void => setAsked(undefined);
  return (
    <section className="ui-section">
      <h3 className="p-muted-heading">Access</h3>
      <p>
        {sessions === undefined
          ? "\u00a0"
          : `'${username}' has ${open === 0 ? "no open sessions" : counted(open, "open session")}.`}
      </p>
      <div className="ui-form__buttons">
        <Button disabled={open === 0} onClick={() => setAsked("sessions")}>
          End all sessions
        </Button>
        <Button onClick={() => setAsked(user.is_active ? "deactivate" : "activate")}>
          {user.is_active ? "Deactivate user" : "Activate user"}
        </Button>
      </div>
      <p className="u-text--muted">
        {user.is_active
          ? "Deactivated users can't log in. Deactivation deletes their API keys and nothing else of theirs."
          : "They can't log in."}
      </p>
      {asked === "sessions" && <EndAllSessions username={username} count={open} isOwn={false} onClose={close} />}
      {asked === "deactivate" && (
        <ConfirmedAct
          title={`Deactivate user '${username}'?`}
          verb="Deactivate user"
          act={() => request("PATCH /users/{username}", { path: { username }, body: { is_active: false } })}
          done={`Deactivated user '${username}'.`}
          onDone={refreshUsers}
          onClose={close}
        >
          {open > 0 && `${endWords(open)} `}
          {apiKeys > 0 && `Their ${counted(apiKeys, "API key")} ${apiKeys === 1 ? "is" : "are"} deleted. `}
          They can&apos;t log in until they are activated again. Nothing else of theirs is deleted.
        </ConfirmedAct>
      )}
      {asked === "activate" && (
        <ConfirmedAct
          title={`Activate user '${username}'?`}
          verb="Activate user"
          appearance="positive"
          act={() => request("PATCH /users/{username}", { path: { username }, body: { is_active: true } })}
          done={`Activated user '${username}'.`}
          onDone={refreshUsers}
          onClose={close}
        >
          They can log in with their password. Their old API keys stay deleted: they make new ones.
        </ConfirmedAct>
      )}
    </section>
  );
}
