import { type ReactNode, useId, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../api/request.ts";
import { SshKeysTable } from "../../keys/ssh-keys-table.tsx";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { Loaded } from "../../page/states.tsx";
import { visible } from "../../page/text/visible.ts";
import type { ApiKey } from "../../tokens/api-key.ts";
import { ApiKeysTable } from "../../tokens/api-keys-table.tsx";
import type { Session } from "../sessions-query.ts";
import { nameOfSession, SessionsTable } from "../sessions-table.tsx";
import {
  counted,
  type ListedUser,
  refreshUsers,
  userSessionsQuery,
  userSshKeysQuery,
  userTokensQuery,
} from "../users-query.ts";

interface UserCredentialsProps {
  readonly user: ListedUser;
  /** Whether whoever looks may end and delete. */
  readonly mayChange: boolean;
}

/** What somebody can act by: sessions and keys, each with what it has done, and its end. */
export function UserCredentials(props: UserCredentialsProps) {
  return (
    <>
      <UserSessions {...props} />
      <UserApiKeys {...props} />
      <UserSshKeys {...props} />
    </>
  );
}

function UserSessions({ user: { username }, mayChange }: UserCredentialsProps) {
  const sessions = useQuery(userSessionsQuery(username));
  const [ending, setEnding] = useState<Session | "all">();
  const count = sessions.data?.items.length ?? 0;
  const isOwn = ending === "all" ? sessions.data?.items.some(isCurrent) : ending?.is_current;
  const words = ending === "all" ? `all sessions of '${visible(username)}'` : ending && nameOfSession(ending);
  return (
    <Credentials
      title="Sessions"
      count={sessions.data?.items.length}
      control={
        mayChange && (
          <Button dense disabled={count === 0} onClick={() => setEnding("all")}>
            End all sessions
          </Button>
        )
      }
    >
      <Loaded query={sessions}>
        {({ items }) =>
          items.length === 0 ? (
            <p>Nobody is logged in with this account.</p>
          ) : (
            <SessionsTable sessions={items} onEnd={mayChange ? setEnding : undefined} />
          )
        }
      </Loaded>
      {ending !== undefined && (
        <ConfirmedAct
          title={`End ${words}?`}
          verb={ending === "all" ? "End all sessions" : "End session"}
          act={() =>
            ending === "all"
              ? request("DELETE /users/{username}/sessions", { path: { username } })
              : request("DELETE /users/{username}/sessions/{id}", { path: { username, id: ending.id } })
          }
          done={`Ended ${words}.`}
          onDone={refreshUsers}
          onClose={() => setEnding(undefined)}
        >
          {ending === "all" ? (
            `${counted(count, "session")} ${count === 1 ? "ends" : "end"} now.`
          ) : (
            <>
              Its fingerprint is <span className="ui-mono">{ending.fingerprint}</span>. It ends now.
            </>
          )}{" "}
          {isOwn === true
            ? "You are logged out at once."
            : "They can log in again: to keep them out, reset the password or deactivate the account. API keys stay valid."}
        </ConfirmedAct>
      )}
    </Credentials>
  );
}

function UserApiKeys({ user: { username }, mayChange }: UserCredentialsProps) {
  const keys = useQuery(userTokensQuery(username));
  const [deleting, setDeleting] = useState<ApiKey>();
  return (
    <Credentials title="API keys" count={keys.data?.items.length}>
      <Loaded query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p>No program acts for this account.</p>
          ) : (
            <ApiKeysTable keys={items} onDelete={mayChange ? setDeleting : undefined} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete API key '${visible(deleting.name)}' of '${visible(username)}'?`}
          verb={`Delete API key '${visible(deleting.name)}'`}
          act={() =>
            request("DELETE /users/{username}/tokens/{token_key}", {
              path: { username, token_key: deleting.token_key },
            })
          }
          done={`Deleted API key '${visible(deleting.name)}'.`}
          onDone={refreshUsers}
          onClose={() => setDeleting(undefined)}
        >
          Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>. Programs that use it are refused
          from now on, and that is recorded.
        </ConfirmedAct>
      )}
    </Credentials>
  );
}

function UserSshKeys({ user: { username } }: UserCredentialsProps) {
  const keys = useQuery(userSshKeysQuery(username));
  return (
    <Credentials title="SSH keys" count={keys.data?.items.length}>
      <Loaded query={keys}>
        {({ items }) => (items.length === 0 ? <p>None.</p> : <SshKeysTable keys={items} onDelete={undefined} />)}
      </Loaded>
    </Credentials>
  );
}

function isCurrent(session: Session): boolean {
  return session.is_current;
}

interface CredentialsProps {
  readonly title: string;
  readonly count: number | undefined;
  readonly control?: ReactNode;
  readonly children: ReactNode;
}

function Credentials({ title, count, control, children }: CredentialsProps) {
  const id = useId();
  return (
    <section className="ui-section" aria-labelledby={id}>
      <div className="ui-section__head">
        <h2 className="p-heading--5" id={id}>
          {title} <span className="u-text--muted">{count ?? "\u00a0"}</span>
        </h2>
        {control}
      </div>
      {children}
    </section>
  );
}
