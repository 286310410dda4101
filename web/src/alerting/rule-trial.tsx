import { useId, useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { useMutation } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { EventLinks } from "../events/event-link.tsx";
import { Failure } from "../page/states.tsx";
import { roughDuration } from "../page/text/duration.ts";
import { counted, grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { announce } from "../shell/live-region.tsx";

type Trial = Answer<"GET /rules/{name}/try">;

const spans = [1, 7, 30, 90, 365];
const dayMs = 86_400_000;
const eventsShown = 5;

/** Says what a rule would have raised of the past. */
export function RuleTrial({ name }: { readonly name: string }) {
  const id = useId();
  const [days, setDays] = useState(30);
  const trial = useMutation({
    mutationFn: async (span: number) => {
      const query = new URLSearchParams({ since: new Date(Date.now() - span * dayMs).toISOString() });
      return { days: span, answer: await request("GET /rules/{name}/try", { path: { name }, query }) };
    },
    gcTime: 0,
    onSuccess: ({ days: span, answer }) => announce(trialWords(answer, span)),
  });
  return (
    <section className="ui-section" aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        Try on the past
      </h3>
      <div className="ui-trial">
        <Select
          aria-label="How far back"
          options={spans.map((span) => ({ value: String(span), label: `last ${daysWords(span)}` }))}
          value={String(days)}
          onChange={(event) => setDays(Number(event.target.value))}
        />
        <ActionButton type="button" loading={trial.isPending} onClick={() => trial.mutate(days)}>
          Try
        </ActionButton>
      </div>
      {trial.error !== null && <Failure error={trial.error} />}
      {trial.data !== undefined && <Outcome trial={trial.data.answer} days={trial.data.days} />}
    </section>
  );
}

function daysWords(days: number): string {
  return days === 1 ? "24 hours" : `${days} days`;
}

function trialWords({ alert_count: count }: Trial, days: number): string {
  const alerts = count === 0 ? "no alert" : count === 1 ? "one alert" : `${grouped(count)} alerts`;
  return `It would have raised ${alerts} in the last ${daysWords(days)}.`;
}

function Outcome({ trial, days }: { readonly trial: Trial; readonly days: number }) {
  const { alerts, alert_count: count, looked, looked_to: lookedTo, is_complete: isComplete } = trial;
  return (
    <>
      <p>
        <strong>{trialWords(trial, days)}</strong> It looked at {counted(looked, "event")}.
      </p>
      {!isComplete && (
        <p>There are too many to look at all of them: it stopped at event {grouped(lookedTo)}. Try fewer days.</p>
      )}
      {alerts.length > 0 && (
        <ul className="p-list--divided" aria-label="What it would have raised">
          {alerts.toReversed().map((alert, at) => (
            <li key={at} className="p-list__item">
              <Time value={alert.at} />
              {alert.group.length > 0 && <> {visible(alert.group.join(", "))}</>}
              <div>
                {alert.silent_seconds !== null && `No event for ${roughDuration(alert.silent_seconds)}. `}
                {alert.events.length > 0 && (
                  <>
                    Because of: <EventLinks ids={alert.events.toReversed()} shownMax={eventsShown} />
                  </>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {alerts.length < count && <p>These are the newest {grouped(alerts.length)}.</p>}
    </>
  );
}
