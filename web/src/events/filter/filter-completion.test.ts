import assert from "node:assert/strict";
import { test } from "node:test";
import { completion, valueAt } from "./filter-completion.ts";
import { type FilterKey, filterKeyNames } from "./filter-keys.ts";
import { parseFilter } from "./filter-language.ts";

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

test("what the log has is offered too, as the filter takes it, and nothing that it would refuse", () => {
  const of = (key: FilterKey, typed: string, values: readonly string[]): readonly string[] => {
    const items = completion(typed, typed.length, sources, { key, values });
    for (const { insert } of items) {
      const text = `${key}:${insert}`;
      assert.ok(parseFilter(text, { now: 0 }).ok, text);
    }
    return items.map(({ insert }) => insert);
  };
  assert.deepEqual(of("ip", "ip:192", ["192.0.2.7", "2001:db8::/64", "none at all"]), ["192.0.2.7"]);
  assert.deepEqual(of("action", "action:bmc", ["bmc.reset", "auth.login"]), ["bmc.*", "bmc.reset"]);
  assert.deepEqual(of("type", "type:NODE", ["NODE", "NODE_POWER"]), ["node", "NODE_POWER"]);
  assert.deepEqual(of("user", "user:sv", ["svc*", "svc b", "ada"]), [String.raw`svc\*`, '"svc b"']);
  assert.deepEqual(of("node", "node:web", ["web-1", "web-9"]), ["4y3h7n", "web-9"], "one that is known has its id");
  assert.deepEqual(of("user", "target:x", ["x"]), [], "those of another filter say nothing");
});

test("a value is being typed behind a name and its colon alone", () => {
  assert.deepEqual(valueAt("level:info user:ad", 18), { key: "user", typed: "ad" });
  assert.deepEqual(valueAt("owner:", 6), { key: "user", typed: "" });
  assert.equal(valueAt("user:ada ", 9), undefined);
  assert.equal(valueAt("ada", 3), undefined);
});
