import { type Answer, request } from "../api/request.ts";
import { EventLink } from "../events/event-link.tsx";
import { Notice } from "../page/states.tsx";
import { TestSection } from "../page/test-section.tsx";
import { sentence } from "../page/text/sentence.ts";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshDestinations } from "./destination.ts";

/** Sends a test, and says what became of it. */
export function TestDelivery({ name }: { readonly name: string }) {
  return (
    <TestSection
      verb="Send test"
      send={() => request("POST /destinations/{name}/test", { path: { name } })}
      onDone={({ is_delivered: isDelivered }) => {
        announce(isDelivered ? `'${name}' has acknowledged the test.` : `The test didn't reach '${name}'.`);
        void refreshDestinations();
      }}
    >
      {(outcome) => <Outcome outcome={outcome} />}
    </TestSection>
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
