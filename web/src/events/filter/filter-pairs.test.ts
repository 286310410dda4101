import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilterPairs as parseOnServer } from "../../../../src/events/filter/native-filter.ts";
import { parseFilterPairs, printFilterPairs } from "./filter-pairs.ts";

const pairs = {
  filter: [
    "owner:ada",
    "owner:",
    "action:auth.*",
    "type:NODE",
    "level:ERROR",
    "type:OWN_TYPE",
    "mac_address:52:54:00:12:34:56",
  ],
  exclude: ["trace_id:a b", "outcome:success", 'target:user/"x"'],
};
const text =
  'user:ada user:"" action:auth.* type:node level:error type:OWN_TYPE mac:52:54:00:12:34:56 -trace:"a b" -outcome:success -target:user/"x"';

test("a filter of a setting is shown and read in the language of the events page", () => {
  assert.equal(printFilterPairs(pairs), text);
  assert.deepEqual(parseFilterPairs(text), pairs);
  assert.deepEqual(parseFilterPairs(" "), { filter: [], exclude: [] });
});

test("the server takes what the language makes of it", () => {
  const parsed = parseOnServer(pairs.filter, pairs.exclude);
  assert.deepEqual(parsed.usernames, ["ada", null]);
  assert.deepEqual(parsed.types, ["NODE", "OWN_TYPE"]);
});

test("a time, or what is no filter, is refused with a sentence", () => {
  assert.deepEqual(parseFilterPairs("user:ada since:24h"), { message: "'since' can't be used here: leave it out." });
  assert.deepEqual(parseFilterPairs("ada"), { message: "Words can't be searched for here. Did you mean user:ada?" });
});
