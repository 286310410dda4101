import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { visible } from "../../page/text/visible.ts";

/** Somebody's name, which leads to what is known of them: for administrators and auditors. */
export function UserLink({ username, children }: { readonly username: string; readonly children?: ReactNode }) {
  return (
    <Link to="/users/$username" params={{ username }}>
      {children ?? visible(username)}
    </Link>
  );
}
