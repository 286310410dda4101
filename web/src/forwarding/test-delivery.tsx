import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useMutation } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { EventLink } from "../events/event-link.tsx";
import { Failure, Notice } from "../page/states.tsx";
import { sentence } from "../page/text/sentence.ts";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshDestinations } from "./destination.ts";

/** Sends a test, and says what became of it. */
export function TestDelivery({ name }: { readonly name: string }) {
  const id = useId();
  const test = useMutation({
    mutationFn: () => request("POST /destinations/{name}/test", { path: { name } }),
    gcTime: 0,
    onSuccess: ({ is_delivered: isDelivered }) => {
      announce(isDelivered ? `'${name}' has acknowledged the test.` : `The test didn't reach '${name}'.`);
      void refreshDestinations();
    },
  });
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        Test
      </h3>
      <ActionButton type="button" loading={test.isPending} onClick={() => test.mutate()}>
        Send test
      </ActionButton>
      {test.error !== null && <Failure error={test.error} />}
      {test.data !== undefined && <Outcome outcome={test.data} />}
    </section>
  );
}

function Outcome({ outcome }: { readonly outcome: Answer<"POST /destinations/{name}/test"> }) {
  const { event, is_delivered: isDelivered, why } = outcome;
  if (isDelivered) {
    return (
      <Notice severity="positive" title="The receiver has acknowledged the test.">
        Look there for <EventLink id={event} />.
      </Notice>
    );
  }
  return (
    <Notice severity="negative" title="The test was not delivered.">
      {why !== null && <p>{visible(sentence(why))}</p>}
      <p>
        It is recorded as <EventLink id={event} />.
      </p>
    </Notice>
  );
}
