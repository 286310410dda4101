import { Link } from "@tanstack/react-router";
import { visible } from "../../page/text/visible.ts";

/** Somebody's name, which leads to what is known of them: for administrators and auditors. */
export function UserLink({ username }: { readonly username: string }) {
  return (
    <Link to="/users/$username" params={{ username }}>
      {visible(username)}
    </Link>
  );
}
