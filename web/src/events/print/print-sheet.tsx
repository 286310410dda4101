import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";
import { sessionQuery } from "../../accounts/session.ts";
import { localTime } from "../../page/text/time.tsx";
import { visible } from "../../page/text/visible.ts";

/** Whether something is about to be printed in the place of the page. */
export function isPrinting(): boolean {
  return document.querySelector(".ui-print") !== null;
}

interface PrintSheetProps {
  readonly title: string;
  /** What stands below the title, by names. */
  readonly facts: readonly (readonly [string, string])[];
  /** True for what is wider than it is high. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** What is printed in the place of the page; nobody sees it before. */
export function PrintSheet({ title, facts, isWide = false, children }: PrintSheetProps) {
  const { data: user } = useQuery(sessionQuery);
  return createPortal(
    <main className={`ui-print ${isWide ? "is-wide" : ""}`} data-testid="print">
      <h1>{title}</h1>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Printed</dt>
          <dd>
            {localTime(new Date())} by {visible(user?.username ?? "nobody")}, {location.host}
          </dd>
        </div>
      </dl>
      {children}
    </main>,
    document.body,
  );
}
