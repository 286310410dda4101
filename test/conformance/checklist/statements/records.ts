import type { MaasEvent, MaasPage } from "../../../support/clients/maas-client.ts";
import type { NamedParameters } from "../clients/client.ts";
import { expectAnswer, expectSame, expectThat } from "../expectations.ts";
import type { World } from "../world.ts";

/** A page of events, as this run's administrator sees it. */
export async function eventsPage(world: World, parameters: NamedParameters): Promise<MaasPage> {
  const answer = await world.root.query("events/", "query", parameters);
  return expectAnswer(answer, { status: 200 }).json<MaasPage>();
}

/** What an act answered, and the audit events of a user name that came with it, oldest first. */
export async function recorded<Answer>(
  world: World,
  owner: string,
  act: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly events: readonly MaasEvent[] }> {
  const [newest] = (await eventsPage(world, { level: "AUDIT", limit: "1" })).events;
  const answer = await act();
  const page = await eventsPage(world, { level: "AUDIT", owner, limit: "1000", after: String(newest?.id ?? 0) });
  return { answer, events: page.events.toReversed() };
}

/** Fails unless events say just these sentences. */
export function expectDescriptions(about: string, events: readonly MaasEvent[], expected: readonly string[]): void {
  expectSame(
    `${about}: its audit events`,
    events.map(({ description }) => description),
    expected,
  );
}

/** Fails unless one event has this action and outcome, which only the native API shows. */
export async function expectAction(
  world: World,
  event: MaasEvent | undefined,
  expected: { readonly action: string; readonly outcome: "success" | "failure" },
): Promise<void> {
  expectThat(`an ${expected.action} event`, event !== undefined, "one", event);
  const answer = await world.send({
    method: "GET",
    path: `/api/v1/events/${event?.id}`,
    headers: [["Authorization", `Bearer ${world.root.apiKey}`]],
  });
  const { action, outcome } = expectAnswer(answer, { status: 200 }).json<Readonly<Record<string, unknown>>>();
  expectSame(`${answer.asked}: action and outcome`, { action, outcome }, expected);
}
