import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { NoneMatches } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { Email } from "../page/text/email.tsx";
import { visible } from "../page/text/visible.ts";
import { useMayChange } from "./may-change.ts";
import { roleName } from "./role.tsx";
import { UserLink } from "./user/user-link.tsx";
import { type ListedUser } from "./users-query.ts";
import { Absent } from "../page/text/absent.tsx";
import { counted } from "../page/text/grouped.ts";

interface UsersTableProps {
  readonly users: readonly ListedUser[];
  /** Who looks: nobody deletes themselves. */
  readonly self: string;
  readonly onEdit: (user: ListedUser) => void;
  readonly onDelete: (user: ListedUser) => void;
}

/** Users with what can be done to them. */
export function UsersTable({ users, self, onEdit, onDelete }: UsersTableProps) {
  const mayChange = useMayChange();
  if (users.length === 0) return <NoneMatches noun="user" />;
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Users"
        responsive
        sortable
        defaultSort="username"
        defaultSortDirection="ascending"
        paginate={100}
        headers={[
          { content: "Username", sortKey: "username" },
          { content: "Full name", sortKey: "last_name" },
          { content: "E-mail", sortKey: "email", className: "ui-wide" },
          { content: "Type", sortKey: "type", className: "ui-type" },
          { content: "Second factor", className: "ui-wide" },
          { content: "Last seen", sortKey: "last_seen", className: "ui-time" },
          { content: "Keys", className: "ui-wide" },
          ...(mayChange ? [{ content: "Actions", className: "ui-actions" }] : []),
        ]}
        rows={users.map((user) => ({
          key: user.username,
          sortData: {
            username: user.username.toLowerCase(),
            last_name: user.last_name.toLowerCase(),
            email: user.email.toLowerCase(),
            type: roleName(user),
            last_seen: user.last_seen ?? "",
          },
          columns: [
            {
              className: "ui-long",
              content: (
                <>
                  <UserLink username={user.username} />
                  {!user.is_active && (
                    <span className="p-chip--caution is-readonly is-dense ui-mark">
                      <span className="p-chip__value">Deactivated</span>
                    </span>
                  )}
                </>
              ),
            },
            { content: user.last_name === "" ? <Absent /> : visible(user.last_name), className: "ui-long" },
            { content: user.email === "" ? <Absent /> : <Email address={user.email} />, className: "ui-long ui-wide" },
            { content: roleName(user) },
            { content: user.second_factor === true ? "yes" : "no", className: "ui-wide" },
            { content: user.last_seen === null ? "never" : <Time value={user.last_seen} /> },
            { content: keysOf(user), className: "ui-wide" },
            ...(mayChange
              ? [{ className: "ui-actions", content: <Actions {...{ user, self, onEdit, onDelete }} /> }]
              : []),
          ],
        }))}
      />
    </div>
  );
}

interface ActionsProps extends Omit<UsersTableProps, "users"> {
  readonly user: ListedUser;
}

function Actions({ user, self, onEdit, onDelete }: ActionsProps) {
  return (
    <>
      <Button appearance="base" hasIcon dense onClick={() => onEdit(user)}>
        <i className="p-icon--edit">Edit {user.username}</i>
      </Button>
      {user.username === self ? (
        // Holds the place, so that the icons above one another are the same.
        <span className="ui-no-action" />
      ) : (
        <Button appearance="base" hasIcon dense onClick={() => onDelete(user)}>
          <i className="p-icon--delete">Delete {user.username}</i>
        </Button>
      )}
    </>
  );
}

function keysOf({ api_keys, ssh_keys, ssl_keys }: ListedUser): string {
  const kinds = [
    [api_keys, "API"],
    [ssh_keys, "SSH"],
    [ssl_keys, "SSL"],
  ] as const;
  const words = kinds.flatMap(([count, kind]) => (count === null || count === 0 ? [] : [`${count} ${kind}`]));
  return words.length === 0 ? "none" : words.join(", ");
}

/** What goes with a user: `3 API keys`, `2 SSH keys`. */
export function keysInWords({ api_keys, ssh_keys, ssl_keys }: ListedUser): readonly string[] {
  return [
    ...((api_keys ?? 0) > 0 ? [counted(api_keys ?? 0, "API key")] : []),
    ...((ssh_keys ?? 0) > 0 ? [counted(ssh_keys ?? 0, "SSH key")] : []),
    ...((ssl_keys ?? 0) > 0 ? [counted(ssl_keys ?? 0, "SSL key")] : []),
  ];
}
