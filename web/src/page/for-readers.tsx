import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { Page } from "./page.tsx";
import { NoPermission } from "./states.tsx";

/** A page that administrators and auditors read; others are told so under its title. */
export function ForReaders({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return children;
  return (
    <Page title={title}>
      <NoPermission />
    </Page>
  );
}
