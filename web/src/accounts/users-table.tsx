import { MaybeTime } from "../page/field-list.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { RowAct } from "../page/list/row-act.tsx";
import { NoneMatches } from "../page/states.tsx";
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
  readonly isOpen: (user: ListedUser) => boolean;
  readonly onEdit: (user: ListedUser) => void;
  readonly onDelete: (user: ListedUser) => void;
}

const columns: readonly ListColumn<ListedUser>[] = [
  { title: "Username", render: (user) => <Named user={user} />, sort: ({ username }) => username.toLowerCase() },
  {
    title: "Full name",
    render: ({ last_name: name }) => (name === "" ? <Absent /> : visible(name)),
    sort: ({ last_name: name }) => name.toLowerCase(),
  },
  {
    title: "E-mail",
    className: "ui-wide ui-email",
    render: ({ email }) => (email === "" ? <Absent /> : <Email address={email} />),
    sort: ({ email }) => email.toLowerCase(),
  },
  { title: "Type", className: "ui-type", render: roleName, sort: roleName },
  {
    title: "Second factor",
    className: "ui-wide ui-state",
    render: ({ second_factor: has }) => (has === true ? "yes" : "no"),
    sort: ({ second_factor: has }) => Number(has === true),
  },
  {
    title: "Last seen",
    className: "ui-time",
    render: ({ last_seen: at }) => <MaybeTime value={at} none="never" />,
    sort: ({ last_seen: at }) => at ?? "",
  },
  { title: "Keys", className: "ui-wide ui-type", render: keysOf },
];

/** Users with what can be done to them. */
export function UsersTable({ users, isOpen, ...props }: UsersTableProps) {
  const mayChange = useMayChange();
  if (users.length === 0) return <NoneMatches noun="user" />;
  return (
    <List
      label="Users"
      items={users}
      keyOf={({ username }) => username}
      columns={columns}
      sortedBy="Username"
      isOpen={isOpen}
      renderActions={mayChange ? (user) => <Actions user={user} {...props} /> : undefined}
    />
  );
}

function Named({ user: { username, is_active: isActive } }: { readonly user: ListedUser }) {
  return (
    <>
      <UserLink username={username} />
      {!isActive && (
        <span className="p-chip--caution is-readonly is-dense ui-mark">
          <span className="p-chip__value">Deactivated</span>
        </span>
      )}
    </>
  );
}

interface ActionsProps extends Omit<UsersTableProps, "users" | "isOpen"> {
  readonly user: ListedUser;
}

function Actions({ user, self, onEdit, onDelete }: ActionsProps) {
  return (
    <>
      <RowAct does="edit" words={`Edit ${user.username}`} onAct={() => onEdit(user)} />
      {user.username === self ? (
        // Holds the place, so that the icons above one another are the same.
        <span className="ui-no-action" />
      ) : (
        <RowAct does="delete" words={`Delete ${user.username}`} onAct={() => onDelete(user)} />
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
