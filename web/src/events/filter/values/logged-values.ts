import { useEffect, useState } from "react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { readTop, type TopName } from "../../top/top-query.ts";
import { factsOf, type FilterKey } from "../filter-keys.ts";
import { recordedValue, takesBeginnings } from "./beginnings.ts";

const valuesMax = 100;
const freshMs = 60_000;
/** Letters that follow each other faster are asked for once. */
const settledMs = 150;

const groupings: Readonly<Partial<Record<FilterKey, TopName>>> = {
  user: "user",
  ip: "ip",
  action: "action",
  target: "target",
  type: "type",
  node: "node",
  session: "session",
  key: "key",
};

/** What a filter's value is being typed for. */
export interface WantedValues {
  readonly key: FilterKey;
  readonly typed: string;
}

/** The values in the log by which a filter finds something, the most frequent first; where they are many, those that begin as typed. */
export function useLoggedValues(wanted: WantedValues | undefined): readonly string[] {
  const typed = useSettled(wanted?.typed ?? "");
  const key = wanted?.key;
  const { data: all } = useQuery(loggedValuesQuery(key, ""));
  const beginning = key === undefined ? "" : beginningOf(key, typed);
  const isNarrowed = all !== undefined && !all.isWhole && beginning !== "";
  const { data: some } = useQuery(loggedValuesQuery(isNarrowed ? key : undefined, beginning));
  return some === undefined ? (all?.values ?? []) : [...new Set([...some.values, ...(all?.values ?? [])])];
}

/** Asks for nothing where the log isn't counted by that filter. `beginning` is a value of it, such as `svc*`. */
export function loggedValuesQuery(key: FilterKey | undefined, beginning: string) {
  const by = key === undefined ? undefined : groupings[key];
  return queryOptions({
    queryKey: ["events", "values", by, beginning],
    async queryFn({ signal }) {
      if (key === undefined || by === undefined) return { values: [], isWhole: true };
      const query = new URLSearchParams(beginning === "" ? {} : { [factsOf(key).parameter]: beginning });
      const { items, values, counted_since: since } = await readTop(query, by, valuesMax, signal);
      return {
        values: items.flatMap(({ value }) => (value === null ? [] : [value])),
        isWhole: since === null && values <= items.length,
      };
    },
    enabled: by !== undefined,
    staleTime: freshMs,
    retry: false,
  });
}

function beginningOf(key: FilterKey, typed: string): string {
  if (typed === "") return "";
  if (key === "action") return typed.includes(".") && !typed.includes("*") ? typed.replace(/[^.]*$/, "*") : "";
  if (!takesBeginnings(key)) return "";
  return `${recordedValue(key, key === "type" ? typed.toUpperCase() : typed)}*`;
}

/** The text once it has stayed the same for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settledMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
