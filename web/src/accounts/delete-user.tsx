import { useState } from "react";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { joined, type ListedUser, refreshUsers } from "./users-query.ts";
import { keysInWords } from "./users-table.tsx";

interface DeleteUserProps {
  readonly user: ListedUser;
  /** Who may take over what the user owns. */
  readonly others: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks for the name before a user goes, and for an heir of their machines. */
export function DeleteUser({ user, others, onDone, onClose }: DeleteUserProps) {
  const [heir, setHeir] = useState("");
  const { username } = user;
  const keys = keysInWords(user);
  const count = (user.api_keys ?? 0) + (user.ssh_keys ?? 0) + (user.ssl_keys ?? 0);
  return (
    <ConfirmedAct
      title={`Delete user '${username}'?`}
      verb="Delete user"
      name={username}
      act={() =>
        request("DELETE /users/{username}", {
          path: { username },
          ...(heir !== "" && { query: new URLSearchParams({ transfer_resources_to: heir }) }),
        })
      }
      done={`Deleted user '${username}'.`}
      onDone={async () => {
        onDone();
        await refreshUsers();
      }}
      onClose={onClose}
    >
      <p>
        {keys.length > 0 && `Their ${joined(keys)} ${count === 1 ? "is" : "are"} deleted too. `}
        Their events stay in the log. To keep somebody out for a while, deactivate them instead.
      </p>
      <Select
        label="Who takes over their machines"
        options={[
          { value: "", label: "Nobody: they have none" },
          ...others.map((name) => ({ value: name, label: name })),
        ]}
        value={heir}
        onChange={(event) => setHeir(event.target.value)}
      />
    </ConfirmedAct>
  );
}
