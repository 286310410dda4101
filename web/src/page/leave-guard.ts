import { useBlocker } from "@tanstack/react-router";
import { useEffect } from "react";

const question = "Leave without saving?";

/** The forms of this page with changes: however many there are, leaving asks once. */
const unsaved = new Set<string>();

interface LeaveGuard {
  /** Asks, where there is something to lose. */
  readonly mayLeave: () => boolean;
  /** Says that nothing is to be lost any more, before the page is drawn again. */
  readonly leaves: () => void;
}

/** Keeps people from losing what they typed in the form of that id. */
export function useLeaveGuard(id: string, isUnsaved: boolean): LeaveGuard {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    unsaved.add(id);
    return () => void unsaved.delete(id);
  }, [id, isUnsaved]);
  useBlocker({
    // A session that has ended leads to the login whatever was typed.
    shouldBlockFn: ({ next }) => {
      const isFirst = unsaved.values().next().value === id;
      return isFirst && next.pathname !== "/login" && !confirm(question);
    },
    enableBeforeUnload: () => isUnsaved,
    disabled: !isUnsaved,
  });
  return { mayLeave: () => !isUnsaved || confirm(question), leaves: () => void unsaved.delete(id) };
}
