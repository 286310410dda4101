import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pythonJson } from "../../http/maas/python-json.ts";
import { renderEventPage, type MaasEventRow } from "./maas-rendering.ts";
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
    type: fc.constantFrom("AUTHORISATION", "SETTINGS", 'Other "type"'),
    source: fc.constantFrom("ironlog", "external"),
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
    `${words.get(type) ?? type}${source === "external" && level === 0 ? " (external)" : ""}`;
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
