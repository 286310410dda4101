import { createContext, type ReactNode, useContext } from "react";
import { marksOf, type Sought } from "./sought.ts";

/** What is looked for in the events below; undefined for nothing. */
export const SoughtContext = createContext<Sought | undefined>(undefined);

/** A text of an event, with what was searched for marked in it. */
export function Marked({ text }: { readonly text: string }): ReactNode {
  const sought = useContext(SoughtContext);
  const marks = sought === undefined ? [] : marksOf(text, sought);
  if (marks.length === 0) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  return [...parts, text.slice(at)];
}
