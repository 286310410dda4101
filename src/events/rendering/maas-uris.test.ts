import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery } from "../../http/maas/parameters/parameters.ts";
import type { EventWindow } from "../filter/filter.ts";
import { nextUri, prevUri } from "./maas-uris.ts";

const base = "/MAAS/api/2.0/events/?";
const newest: EventWindow = { kind: "newest" };

test("links keep the request's parameters in its order, repeats and blanks too, and drop what is unknown", () => {
  const query = parseQuery("level=AUDIT&colour=red&op=query&owner=ada&owner=b%20b&agent_name=&id=1%3A2&before=9");
  const kept = "level=AUDIT&op=query&owner=ada&owner=b+b&agent_name=&id=1%3A2";
  assert.equal(nextUri(query, { kind: "before", id: 9 }, [{ id: 8 }, { id: 7 }]), `${base}${kept}&after=8`);
  assert.equal(prevUri(query, { kind: "before", id: 9 }, [{ id: 8 }, { id: 7 }]), `${base}${kept}&before=7`);
});

test("op stands where it stood first, once", () => {
  const query = parseQuery("op=query&op=query&level=AUDIT");
  assert.equal(nextUri(query, newest, []), `${base}op=query&level=AUDIT`);
});

test("an empty page keeps its place", () => {
  const query = parseQuery("op=query");
  const cases: readonly (readonly [EventWindow, string, string | null])[] = [
    [newest, "op=query", null],
    [{ kind: "before", id: 10 }, "op=query&after=9", null],
    [{ kind: "after", id: 10 }, "op=query&after=10", "op=query&before=11"],
  ];
  for (const [window, next, previous] of cases) {
    assert.equal(nextUri(query, window, []), base + next);
    assert.equal(prevUri(query, window, []), previous === null ? null : base + previous);
  }
});
