import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";
import { sessionQuery } from "../../accounts/session.ts";
import { FieldList, type FieldPair } from "../../page/field-list.tsx";
import { localTime } from "../../page/text/time.tsx";
import { visible } from "../../page/text/visible.ts";

/** Whether something is about to be printed in the place of the page. */
export function isPrinting(): boolean {
  return document.querySelector(".ui-print") !== null;
}

interface PrintSheetProps {
  readonly title: string;
  /** What stands below the title, by names. */
  readonly facts: readonly FieldPair[];
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
      <FieldList
        fields={[
          ...facts,
          ["Printed", `${localTime(new Date())} by ${visible(user?.username ?? "nobody")}, ${location.host}`],
        ]}
      />
      {children}
    </main>,
    document.body,
  );
}
