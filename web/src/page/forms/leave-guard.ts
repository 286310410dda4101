import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";

/** What of this page would be lost, with the question for it: however much there is, leaving asks once. */
const unsaved = new Map<string, string>();

/** Nothing would be lost, or whoever is asked says that it may. */
export function mayLeave(): boolean {
  const [question] = unsaved.values();
  return question === undefined || confirm(question);
}

interface LeaveGuard {
  /** Says that nothing is to be lost any more, before the page is drawn again. */
  readonly leaves: () => void;
}

/** Keeps people from losing what stands in the form, or the like, of that id. */
export function useLeaveGuard(id: string, isUnsaved: boolean, question = "Leave without saving?"): LeaveGuard {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    unsaved.set(id, question);
    return () => void unsaved.delete(id);
  }, [id, isUnsaved, question]);
  useBlocker({
    // A session that has ended leads to the login whatever was typed.
    shouldBlockFn: ({ next }) => {
      const isFirst = unsaved.keys().next().value === id;
      return isFirst && next.pathname !== "/login" && !mayLeave();
    },
    enableBeforeUnload: () => isUnsaved,
    disabled: !isUnsaved,
  });
  return { leaves: () => void unsaved.delete(id) };
}
