import { useBlocker } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";
import { Listeners } from "../listeners.ts";

/** What of this page would be lost, with the question for it: however much there is, leaving asks once. */
const unsaved = new Map<string, string>();

/** What is asked just now, and what to do with the answer. */
export interface LeaveQuestion {
  readonly words: string;
  readonly answer: (mayLeave: boolean) => void;
}

let asked: LeaveQuestion | undefined;
const listeners = new Listeners();

function show(question: LeaveQuestion | undefined): void {
  asked = question;
  listeners.tell();
}

/** The question that stands, for the one place that shows it. */
export function useLeaveQuestion(): LeaveQuestion | undefined {
  return useSyncExternalStore(listeners.subscribe, () => asked);
}

/** Asks where something would be lost. A question that stands already is answered with no. */
async function mayLeave(): Promise<boolean> {
  const [words] = unsaved.values();
  if (words === undefined) return true;
  asked?.answer(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  show({
    words,
    answer: (may) => {
      show(undefined);
      resolve(may);
    },
  });
  return promise;
}

/** Does it at once where nothing would be lost, else once whoever is asked says that it may be. */
export function leaveFor(act: () => void): void {
  if (unsaved.size === 0) act();
  else void askAndLeave(act);
}

async function askAndLeave(act: () => void): Promise<void> {
  if (await mayLeave()) act();
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
    shouldBlockFn: async ({ next }) => {
      const isFirst = unsaved.keys().next().value === id;
      return isFirst && next.pathname !== "/login" && !(await mayLeave());
    },
    enableBeforeUnload: () => isUnsaved,
    disabled: !isUnsaved,
  });
  return { leaves: () => void unsaved.delete(id) };
}
