import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { Notice } from "../../page/states.tsx";
import { Time } from "../../page/text/time.tsx";
import { sessionQuery } from "../session.ts";
import { factorPath } from "./factor-path.ts";

/** Stands above every page while its reader has yet to set up a second factor. */
export function FactorNotice() {
  const { data: user } = useQuery(sessionQuery);
  const { pathname } = useLocation();
  if (user?.second_factor_due == null) return null;
  const isOverdue = user.second_factor === "needed";
  return (
    <div className="ui-notice">
      <Notice severity="caution" title="This server asks you for a second factor.">
        {isOverdue ? (
          "Set one up to go on: until then you can do nothing else here."
        ) : (
          <>
            Set one up by <Time value={user.second_factor_due} />. After that you can do nothing else before.
          </>
        )}{" "}
        {pathname !== factorPath && <Link to={factorPath}>Set up a second factor</Link>}
      </Notice>
    </div>
  );
}
