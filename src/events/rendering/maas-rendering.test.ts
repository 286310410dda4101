import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pythonJson } from "../../http/maas/python-json.ts";
import { renderedDescription, renderEventPage, type MaasEventRow } from "./maas-rendering.ts";
import { maasTime } from "../../time.ts";

test("a page is what Python's json.dumps with an indent of 4 prints, whatever the events hold", () => {
  const orNull = fc.option(fc.string({ unit: "binary" }), { nil: null });
  const shown: fc.Arbitrary<MaasEventRow> = fc.record({
    username: orNull,
    node: orNull,
    hostname: orNull,
    id: fc.nat(),
    level: fc.constantFrom(0, 10, 20, 30, 40, 50),
    created: fc.integer({ min: 0, max: 4e15 }),
    occurred: fc.option(fc.integer({ min: 0, max: 4e15 }), { nil: null }),
    source_event_id: fc.constant(null),
    source_type_words: fc.constant(null),
    type: fc.constantFrom("AUTHORISATION", "SETTINGS", 'Other "type"'),
    source: fc.constantFrom("ironlog", "external", "maas:prod"),
    description: orNull,
  });
  const names = new Map([
    [0, "AUDIT"],
    [10, "DEBUG"],
    [20, "INFO"],
    [30, "WARNING"],
    [40, "ERROR"],
    [50, "CRITICAL"],
  ]);
  const words = new Map([
    ["AUTHORISATION", "Authorisation"],
    ["SETTINGS", "Settings"],
  ]);
  const shownType = ({ type, source, level }: MaasEventRow): string =>
    `${words.get(type) ?? type}${source !== "ironlog" && level === 0 ? " (external)" : ""}`;
  const page = fc.tuple(fc.array(shown, { maxLength: 4 }), fc.string(), fc.option(fc.string(), { nil: null }));
  fc.assert(
    fc.property(page, ([events, next, previous]) => {
      const plain = {
        count: events.length,
        events: events.map((event) => ({
          username: event.username ?? "unknown",
          node: event.node,
          hostname: event.hostname ?? "",
          id: event.id,
          level: names.get(event.level),
          created: maasTime(event.created),
          type: shownType(event),
          description: event.description ?? "",
        })),
        next_uri: next,
        prev_uri: previous,
      };
      assert.equal(renderEventPage(events, next, previous), pythonJson(plain));
    }),
  );
});

test("times are MAAS's, in UTC", () => {
  assert.equal(maasTime(Date.UTC(2018, 1, 12, 22, 34, 46) * 1000 + 999_999), "Mon, 12 Feb. 2018 22:34:46");
  assert.equal(maasTime(Date.UTC(2026, 4, 3, 4, 5, 6) * 1000), "Sun, 03 May. 2026 04:05:06");
});

test("a mirrored event is shown as its own MAAS shows it", () => {
  const event: MaasEventRow = {
    username: "ada",
    node: null,
    hostname: null,
    id: 7,
    level: 0,
    created: 2_000_000,
    occurred: 1_000_000,
    type: "OTHER",
    source: "maas:prod",
    source_event_id: 9,
    source_type_words: "Other words",
    description: "User '%(username)s' left.",
  };
  const [shown] = (JSON.parse(renderEventPage([event], "", null)) as { events: Record<string, unknown>[] }).events;
  assert.partialDeepStrictEqual(shown, {
    type: "Other words",
    created: maasTime(1_000_000),
    description: "User 'ada' left.",
  });
});

test("an event that was reported under a MAAS's name is shown as what others say", () => {
  const event: MaasEventRow = {
    username: "ada",
    node: null,
    hostname: null,
    id: 7,
    level: 0,
    created: 2_000_000,
    occurred: 1_000_000,
    type: "MAAS_LOGIN",
    source: "maas:prod",
    source_event_id: null,
    source_type_words: null,
    description: "%(username)s",
  };
  const [shown] = (JSON.parse(renderEventPage([event], "", null)) as { events: Record<string, unknown>[] }).events;
  assert.partialDeepStrictEqual(shown, {
    type: "MAAS_LOGIN (external)",
    created: maasTime(2_000_000),
    description: "%(username)s",
  });
});

test("of a template only the user's name is filled in, and what is no template stays as it is", () => {
  const cases = [
    ["User '%(username)s' logged in.", "User 'ada' logged in."],
    ["100%% of %(username)s", "100% of ada"],
    ["100%%", "100%"],
    ["disk 50% full", "disk 50% full"],
    ["%(username)s at 50%", "%(username)s at 50%"],
    ["%(other)s", "%(other)s"],
    ["%%%", "%%%"],
    ["plain", "plain"],
  ] as const;
  for (const [raw, shown] of cases) assert.equal(renderedDescription(raw, "ada"), shown);
  assert.equal(renderedDescription("%(username)s", null), "unknown");
});
