import assert from "node:assert/strict";
import { test } from "node:test";
import { startQuery } from "./start-query.ts";

const at = "2026-11-03T08:30:00Z";
const asked = (query: string, order: "newest" | "oldest"): string | undefined => {
  const start = startQuery(new URLSearchParams(query), order, at);
  return start === undefined ? undefined : decodeURIComponent(start.toString());
};

test("a list that begins at a time asks for what isn't later, or isn't earlier where the oldest come first", () => {
  assert.equal(asked("owner=ada", "newest"), "owner=ada&until=2026-11-03T08:30:01Z");
  assert.equal(asked("owner=ada", "oldest"), "owner=ada&since=2026-11-03T08:30:00Z");
});

test("the time of the filter holds all the same", () => {
  assert.equal(asked("until=2026-11-01T00:00:00Z", "newest"), "until=2026-11-01T00:00:00Z");
  assert.equal(asked("since=2026-11-04T00:00:00.500Z", "oldest"), "since=2026-11-04T00:00:00.500Z");
  assert.equal(asked("since=2026-11-04T00:00:00Z", "newest"), undefined);
  assert.equal(asked("until=2026-11-03T08:30:00.500Z", "newest"), "until=2026-11-03T08:30:00.500Z");
  assert.equal(asked("since=2026-11-03T08:30:00Z", "newest"), "since=2026-11-03T08:30:00Z&until=2026-11-03T08:30:01Z");
  assert.equal(asked("until=2026-11-03T08:30:00Z", "oldest"), undefined);
});

test("the newest up to the last of all times are those of the filter", () => {
  const query = new URLSearchParams("owner=ada");
  assert.equal(startQuery(query, "newest", "9999-12-31T23:59:59Z"), query);
  assert.equal(startQuery(query, "oldest", "9999-12-31T23:59:59Z")?.get("since"), "9999-12-31T23:59:59Z");
});

test("a list that begins anywhere asks for what its filter does", () => {
  const query = new URLSearchParams("owner=ada");
  assert.equal(startQuery(query, "newest", undefined), query);
});
