import { queryOptions } from "@tanstack/react-query";
import { type Answer, type Item, request } from "../api/request.ts";
import { grouped } from "../page/text/grouped.ts";
import { timeAgo } from "../page/text/time.tsx";
import { queryClient } from "../query-client.ts";

/** A mirrored MAAS in the list of them. */
export type Source = Item<"GET /sources">;

/** One with its ledger. */
export type SourceWithLedger = Answer<"GET /sources/{name}">;

/** All mirrored MAASes. */
export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: ({ signal }) => request("GET /sources", { signal }),
});

/** One of them, with its ledger. */
export const sourceQuery = (name: string) =>
  queryOptions({
    queryKey: ["sources", name],
    queryFn: ({ signal }) => request("GET /sources/{name}", { path: { name }, signal }),
  });

/** Reads all of them again, with the ledger that is shown. */
export async function refreshSources(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: sourcesQuery.queryKey });
}

/** Reads the list again after one of them was deleted, whose ledger can't be read any more. */
export async function forgetSource(name: string): Promise<void> {
  queryClient.removeQueries({ queryKey: sourceQuery(name).queryKey });
  await queryClient.invalidateQueries({ queryKey: sourcesQuery.queryKey, exact: true });
}

/** Whether it will be in another state soon. */
export function isUnsettled({ state }: Pick<Source, "state">): boolean {
  return state === "importing" || state === "waiting";
}

/** The filter of a source's events. */
export function eventsOf({ name }: Pick<Source, "name">): string {
  return `source:maas:${name}`;
}

/** How far the source is behind its MAAS, in words. */
export function lagOf({
  state,
  waiting,
  import_to: importTo,
  recorded_to: recordedTo,
  read_at: readAt,
}: Source): string {
  if (state === "importing") {
    return importTo === null ? "not known yet" : `${grouped(Math.max(0, importTo - recordedTo))} ids`;
  }
  if (state === "mirroring") return waiting === 0 ? "up to date" : `${grouped(waiting)} waiting`;
  return readAt === null ? "nothing read" : timeAgo(readAt).replace(/ ago$/, "");
}

/** How a source is read, in words. */
export const wayWords: Readonly<Record<Source["way"], string>> = {
  database: "database",
  v3: "API v3",
  api2: "API 2.0",
};
