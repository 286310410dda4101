import { useMemo, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ApiProblem } from "../../api/request.ts";
import { EventsView } from "../../events/events-view.tsx";
import type { FilterTerm } from "../../events/filter/filter-language.ts";
import { recordedValue } from "../../events/filter/values/beginnings.ts";
import { FieldList } from "../../page/field-list.tsx";
import { Page } from "../../page/page.tsx";
import { Loaded, NoPermission, Notice } from "../../page/states.tsx";
import { Tabs } from "../../page/tabs.tsx";
import { Time } from "../../page/text/time.tsx";
import { Email } from "../../page/text/email.tsx";
import { visible } from "../../page/text/visible.ts";
import { useAside } from "../../page/use-aside.ts";
import { DeleteUser } from "../delete-user.tsx";
import { EditUserPanel } from "../edit-user-panel.tsx";
import { useMayChange } from "../may-change.ts";
import { readsAll, roleName } from "../role.tsx";
import { sessionQuery } from "../session.ts";
import { type ListedUser, userQuery, usersQuery } from "../users-query.ts";
import { UserCredentials } from "./user-credentials.tsx";
import { Absent } from "../../page/text/absent.tsx";

/** What is known of somebody: profile, sessions, keys. For administrators and auditors. */
export function UserPage() {
  const { username } = useParams({ from: "/shell/users/$username" });
  const { data: self } = useQuery(sessionQuery);
  const title = visible(username);
  if (!readsAll(self)) {
    return (
      <Page title={title}>
        <NoPermission />
      </Page>
    );
  }
  return <Known key={username} username={username} isSelf={self?.username === username} />;
}

/** The events of somebody, also of one who is no longer there. */
export function UserEventsPage() {
  const { username } = useParams({ from: "/shell/users/$username/events" });
  const { data: self } = useQuery(sessionQuery);
  // A star of a name is a letter of it.
  const value = recordedValue("user", username);
  const fixed = useMemo((): readonly FilterTerm[] => [{ key: "user", value, isExcluded: false }], [value]);
  if (!readsAll(self)) {
    return (
      <Page title={visible(username)}>
        <NoPermission />
      </Page>
    );
  }
  return <EventsView title={visible(username)} fixed={fixed} above={<UserTabs username={username} />} />;
}

function UserTabs({ username }: { readonly username: string }) {
  const to = `/users/${encodeURIComponent(username)}`;
  const tabs = [
    { to, words: "Summary" },
    { to: `${to}/events`, words: "Events" },
  ];
  return <Tabs label="User" tabs={tabs} />;
}

function Known({ username, isSelf }: { readonly username: string; readonly isSelf: boolean }) {
  const mayChange = useMayChange();
  const navigate = useNavigate();
  const user = useQuery(userQuery(username));
  const { data: everybody } = useQuery({ ...usersQuery, enabled: mayChange });
  const { shown: panel, open, close } = useAside<"edit">();
  const [isDeleting, setDeleting] = useState(false);
  const isGone = user.error instanceof ApiProblem && user.error.status === 404;
  return (
    <Page
      title={visible(username)}
      controls={
        mayChange &&
        !isGone && (
          <>
            <Button disabled={user.data === undefined} onClick={() => open("edit")}>
              Edit user
            </Button>
            {!isSelf && (
              <Button disabled={user.data === undefined} onClick={() => setDeleting(true)}>
                Delete user
              </Button>
            )}
          </>
        )
      }
      aside={
        panel === "edit" &&
        user.data !== undefined && <EditUserPanel user={user.data} isSelf={isSelf} onClose={close} />
      }
    >
      <UserTabs username={username} />
      {isGone ? (
        <Notice severity="caution" title={`There is no user '${visible(username)}' now.`}>
          They may have been deleted, or never had an account here. What was recorded of them stays:{" "}
          <Link to="/users/$username/events" params={{ username }}>
            their events
          </Link>
        </Notice>
      ) : (
        <Loaded query={user}>
          {(data) => (
            <>
              <Profile user={data} />
              <UserCredentials user={data} mayChange={mayChange} />
            </>
          )}
        </Loaded>
      )}
      {isDeleting && user.data !== undefined && (
        <DeleteUser
          user={user.data}
          others={(everybody?.items ?? []).map((other) => other.username).filter((name) => name !== username)}
          onDone={() => void navigate({ to: "/settings/user-management/users" })}
          onClose={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}

function Profile({ user }: { readonly user: ListedUser }) {
  return (
    <FieldList
      fields={[
        ["Username", visible(user.username)],
        ["Full name", user.last_name === "" ? <Absent key="name" /> : visible(user.last_name)],
        ["E-mail", user.email === "" ? <Absent key="email" /> : <Email key="email" address={user.email} />],
        ["Type", roleName(user)],
        ["Account", user.is_active ? "active" : "deactivated"],
        ["Second factor", user.second_factor === true ? "yes" : "no"],
        ["Last seen", user.last_seen === null ? "never" : <Time key="seen" value={user.last_seen} />],
      ]}
    />
  );
}
