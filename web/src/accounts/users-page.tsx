import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { SearchBox } from "../page/list/search-box.tsx";
import { Loaded } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { useAside } from "../page/use-aside.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { CreateUserPanel } from "./create-user-panel.tsx";
import { DeleteUser } from "./delete-user.tsx";
import { EditUserPanel } from "./edit-user-panel.tsx";
import { useMayChange } from "./may-change.ts";
import { sessionQuery } from "./session.ts";
import { type ListedUser, usersQuery } from "./users-query.ts";
import { UsersTable } from "./users-table.tsx";

/** Everybody who has an account: administrators change them, auditors read them. */
export function UsersPage() {
  const { data: user } = useQuery(sessionQuery);
  return (
    <ForReaders title="Users">
      <Users self={user?.username ?? ""} />
    </ForReaders>
  );
}

function Users({ self }: { readonly self: string }) {
  const mayChange = useMayChange();
  const users = useQuery(usersQuery);
  const [search, setSearch] = useState("");
  const { shown: panel, open, close } = useAside<"create" | ListedUser>();
  const [deleting, setDeleting] = useState<ListedUser>();
  const items = users.data?.items ?? [];
  const wanted = search.toLowerCase();
  const shown = items.filter(({ username, last_name, email }) =>
    [username, last_name, email].some((text) => text.toLowerCase().includes(wanted)),
  );
  const edited = panel === "create" ? undefined : items.find(({ username }) => username === panel?.username);
  return (
    <Page
      title="Users"
      sections={<SettingsSections />}
      count={<Count count={users.data?.items.length} noun="user" shown={shown.length} />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => open("create")}>
            Add user
          </Button>
        )
      }
      aside={
        panel === "create" ? (
          <CreateUserPanel onClose={close} />
        ) : (
          edited !== undefined && (
            <EditUserPanel key={edited.username} user={edited} isSelf={edited.username === self} onClose={close} />
          )
        )
      }
    >
      <SearchBox label="Search users" value={search} onChange={setSearch} />
      <Loaded query={users}>
        {() => (
          <UsersTable
            users={shown}
            self={self}
            isOpen={({ username }) => username === edited?.username}
            onEdit={open}
            onDelete={setDeleting}
          />
        )}
      </Loaded>
      {deleting !== undefined && (
        <DeleteUser
          user={deleting}
          others={items.map(({ username }) => username).filter((name) => name !== deleting.username)}
          onDone={() => {
            if (edited?.username === deleting.username) close();
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </Page>
  );
}
