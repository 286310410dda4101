import assert from "node:assert/strict";
import { test } from "node:test";
import { completion } from "./filter-completion.ts";
import { filterKeyNames } from "./filter-keys.ts";

const sources = {
  actions: ["auth.login", "auth.logout", "user.create"],
  users: ["ada", "Ada Lovelace", "bob"],
  nodes: [
    { system_id: "4y3h7n", hostname: "web-1" },
    { system_id: "abc346", hostname: "db-1" },
  ],
  mirrored: ["prod"],
  recent: ["user:ada since:24h"],
};

/** What is offered at the bar, and the text with each of them accepted. */
function offered(marked: string): readonly string[] {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  return completion(text, caret, sources).map(({ insert, range }) => {
    const accepted = text.slice(0, range.start) + insert;
    return `${accepted}|${text.slice(range.end)}`;
  });
}

test("an empty line offers filters that were used before, then all names, twelve at most", () => {
  const items = completion(" ", 1, sources);
  assert.equal(items.length, 12);
  assert.deepEqual(items[0], {
    insert: "user:ada since:24h",
    label: "user:ada since:24h",
    hint: "used before",
    range: { start: 0, end: 1 },
  });
  assert.deepEqual(
    items.slice(1).map(({ label }) => label),
    filterKeyNames.slice(0, 11).map((key) => `${key}:`),
  );
  assert.ok(items.every(({ hint }) => hint !== ""));
});

test("a name is completed by its beginning or an alias, and the caret stands behind the colon", () => {
  assert.deepEqual(offered("ou|"), ["outcome:|"]);
  assert.deepEqual(offered("level:info own|"), ["level:info user:|"]);
  assert.deepEqual(offered("-ou|"), ["-outcome:|"]);
  assert.deepEqual(offered("ac|:x level:info"), ["user:|x level:info", "action:|x level:info"]);
  assert.deepEqual(offered("-sin|"), [], "times can't be excluded");
  assert.deepEqual(offered("user:ada |").slice(0, 2), ["user:ada user:|", "user:ada action:|"]);
});

test("a bare word offers the terms that it may be the value of", () => {
  assert.deepEqual(offered("fail|"), ["outcome:failure|"]);
  assert.deepEqual(offered("-ada|"), ["-user:ada|", '-user:"Ada Lovelace"|']);
});

test("values are completed, with quotes where they need them, and replace the whole of what stands there", () => {
  assert.deepEqual(offered("outcome:|"), ["outcome:success|", "outcome:failure|"]);
  assert.deepEqual(offered("user:|"), ["user:ada|", 'user:"Ada Lovelace"|', "user:bob|", 'user:""|']);
  assert.deepEqual(offered("user:ada|"), ['user:"Ada Lovelace"|'], "what stands there already is not offered");
  assert.deepEqual(offered('user:"ada l|'), ['user:"Ada Lovelace"|']);
  assert.deepEqual(offered('user:"ada l|x" level:info'), ['user:"Ada Lovelace"| level:info']);
  assert.deepEqual(offered("user:ada,b|"), ["user:ada,bob|", 'user:ada,""|'], "nobody has a b");
  assert.deepEqual(offered("user:b|ob,ada"), ['user:""|,ada']);
  assert.deepEqual(offered("action:au|"), ["action:auth.*|", "action:auth.login|", "action:auth.logout|"]);
  assert.deepEqual(offered("action:out|"), ["action:auth.logout|"]);
  assert.deepEqual(offered("node:web|"), ["node:4y3h7n|"]);
  assert.deepEqual(offered("machine:4|"), ["machine:4y3h7n|", "machine:abc346|"]);
  assert.deepEqual(offered("target:b|"), ["target:user/bob|"]);
  assert.deepEqual(offered("source:|"), ["source:ironlog|", "source:external|", "source:maas:prod|"]);
  assert.deepEqual(offered("since:|").length, 7);
  assert.deepEqual(offered("trace:|"), []);
  assert.deepEqual(offered("xyzzy:|"), []);
});
