import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { request } from "../../api/request.ts";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { type ListedUser, refreshUsers } from "../users-query.ts";

/** Whether somebody has a second factor, and the way back for one who has lost it. */
export function ResetFactor({ user: { username, second_factor } }: { readonly user: ListedUser }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <section className="ui-section">
      <h3 className="p-muted-heading">Second factor</h3>
      <p>{second_factor === true ? `'${username}' has one.` : `'${username}' has none.`}</p>
      <Button disabled={second_factor !== true} onClick={() => setAsked(true)}>
        Remove second factors
      </Button>
      {isAsked && (
        <ConfirmedAct
          title={`Remove the second factors of '${username}'?`}
          verb="Remove second factors"
          act={() => request("DELETE /users/{username}/second-factor", { path: { username } })}
          done={`Removed the second factors of '${username}'.`}
          onDone={refreshUsers}
          onClose={() => setAsked(false)}
        >
          Do this if they have lost them. Their sessions end, and their password is enough for the next login.
        </ConfirmedAct>
      )}
    </section>
  );
}
