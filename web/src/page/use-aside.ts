import { useState } from "react";
import { leaveFor } from "./forms/leave-guard.ts";

/** What stands beside a page, and what changes that. */
export interface Aside<Shown> {
  readonly shown: Shown | undefined;
  /** Puts something there. Asks, where what it replaces would lose something. */
  readonly open: (next: Shown) => void;
  /** Takes it away without a question: what stands there has asked. */
  readonly close: () => void;
}

/** What stands beside a page; `first` from the beginning. */
export function useAside<Shown>(first?: Shown): Aside<Shown> {
  const [shown, setShown] = useState(first);
  return {
    shown,
    open: (next) => {
      if (next !== shown) leaveFor(() => setShown(() => next));
    },
    close: () => setShown(undefined),
  };
}
