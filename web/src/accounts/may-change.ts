import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "./session.ts";

/** Whether whoever is logged in may change what a page of the settings shows; auditors only read it. */
export function useMayChange(): boolean {
  return useQuery(sessionQuery).data?.is_superuser === true;
}
