import { type ReactNode, useId, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../api/request.ts";
import { SshKeysTable } from "../../keys/ssh-keys-table.tsx";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { Loaded } from "../../page/states.tsx";
import { DeleteApiKey } from "../../tokens/delete-api-key.tsx";
import type { ApiKey } from "../../tokens/api-key.ts";
import { ApiKeysTable } from "../../tokens/api-keys-table.tsx";
import { EndAllSessions } from "./end-all-sessions.tsx";
import type { Session } from "../sessions-query.ts";
import { nameOfSession, SessionsTable } from "../sessions-table.tsx";
import { type ListedUser, refreshUsers, userSessionsQuery, userSshKeysQuery, userTokensQuery } from "../users-query.ts";

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
  const close = (): void => setEnding(undefined);
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
      {ending === "all" && (
        <EndAllSessions
          username={username}
          count={count}
          isOwn={sessions.data?.items.some((session) => session.is_current) === true}
          onClose={close}
        />
      )}
      {ending !== undefined && ending !== "all" && (
        <ConfirmedAct
          title={`End ${nameOfSession(ending)}?`}
          verb="End session"
          act={() => request("DELETE /users/{username}/sessions/{id}", { path: { username, id: ending.id } })}
          done={`Ended ${nameOfSession(ending)}.`}
          onDone={refreshUsers}
          onClose={close}
        >
          Its fingerprint is <span className="ui-mono">{ending.fingerprint}</span>. It ends now.{" "}
          {ending.is_current
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
        <DeleteApiKey
          apiKey={deleting}
          owner={username}
          act={() =>
            request("DELETE /users/{username}/tokens/{token_key}", {
              path: { username, token_key: deleting.token_key },
            })
          }
          onDone={refreshUsers}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </Credentials>
  );
}

function UserSshKeys({ user: { username } }: UserCredentialsProps) {
  const keys = useQuery(userSshKeysQuery(username));
  return (
    <Credentials title="SSH keys" count={keys.data?.items.length}>
      <Loaded query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p>No SSH key belongs to this account.</p>
          ) : (
            <SshKeysTable keys={items} onDelete={undefined} />
          )
        }
      </Loaded>
    </Credentials>
  );
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
