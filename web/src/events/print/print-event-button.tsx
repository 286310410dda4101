import { lazy, Suspense, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { requestText } from "../../api/request.ts";
import { messageOf } from "../../page/states.tsx";
import { logQuery } from "../../transparency/log-query.ts";
import { proofUrl, verdictOf } from "../../transparency/proofs.ts";
import type { Event } from "../event/event.ts";

const PrintedEvent = lazy(async () => ({ default: (await import("./printed-event.tsx")).PrintedEvent }));

/** Prints an event alone, with its proof. */
export function PrintEventButton({ event }: { readonly event: Event }) {
  const { data: log } = useQuery(logQuery);
  const [proof, setProof] = useState<{ readonly text: string } | { readonly why: string }>();
  const begin = async (): Promise<void> => {
    setProof(
      await requestText(proofUrl(event.id)).then(
        (text) => ({ text }),
        (error: unknown) => ({ why: messageOf(error) }),
      ),
    );
  };
  return (
    <>
      <button type="button" className="p-button--base u-no-margin--bottom is-dense" onClick={() => void begin()}>
        Print
      </button>
      {proof !== undefined && (
        <Suspense>
          <PrintedEvent
            event={event}
            verdict={verdictOf(event.id)}
            proof={proof}
            logKey={log?.log_key}
            onDone={() => setProof(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
