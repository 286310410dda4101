import type { ReactNode } from "react";

/** What a control is given to say below itself. */
export interface Told {
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  readonly "aria-errormessage"?: string;
  readonly "aria-describedby"?: string;
}

/**
 * The help of a control or, where what was typed is refused, why. As the components do it by themselves, few screen readers
 * would say the reason, and axe would find fault.
 */
export function told(id: string, help: string | undefined, error: string | undefined): Told {
  if (error === undefined) return help === undefined ? {} : { help };
  const errorId = `${id}-error`;
  return {
    error: <span id={errorId}>{error}</span>,
    "aria-errormessage": errorId,
    "aria-describedby": errorId,
  };
}
