import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { recordedValue } from "./values/beginnings.ts";
import { type FilterKey, filterKeyNames, filterKeys } from "./filter-keys.ts";
import {
  addTerm,
  describeTerm,
  type FilterError,
  type FilterTerm,
  fixedRange,
  parseFilter,
  printFilter,
  removeTerm,
  toQuery,
} from "./filter-language.ts";

const now = Date.UTC(2026, 10, 25, 8, 30, 15, 250);

function parse(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text, { now });
  assert.ok(parsed.ok, parsed.ok ? "" : `${text}: ${parsed.error.message}`);
  return parsed.terms;
}

function errorOf(text: string): FilterError {
  const parsed = parseFilter(text, { now });
  assert.ok(!parsed.ok, `'${text}' was taken`);
  const { term, start, end } = parsed.error;
  assert.equal(term, text.slice(start, end));
  return parsed.error;
}

const normalised = (text: string): string => printFilter(parse(text));

test("terms are printed in their order, by their own names, each once", () => {
  const same = [
    "",
    "user:ada",
    "-action:auth.*",
    "user:ada user:bob outcome:failure",
    'user:"Ada Lovelace"',
    "since:7d until:24h",
  ];
  for (const text of same) assert.equal(normalised(text), text);
  const pairs = [
    ["  user:ada   user:ada\t", "user:ada"],
    [
      "owner:ada actor:bob machine:x hostname:y address:192.0.2.1 request:f0",
      "user:ada user:bob node:x node:y ip:192.0.2.1 trace:f0",
    ],
    ["user:ada,bob -type:NODE,Tag", "user:ada user:bob -type:node -type:tag"],
    ['user:"ada, bob",eve', 'user:"ada, bob" user:eve'],
    ['user:"a\\"b\\\\c"', 'user:a"b\\c'],
    ['user:""', 'user:""'],
    ["level:AUDIT outcome:Failure source:IRONLOG", "level:audit outcome:failure source:ironlog"],
    ["source:maas:prod,MAAS:lab-2", "source:maas:prod source:maas:lab-2"],
    ["type:NODE_POWER_FAILURE type:AUTHORISATION", "type:NODE_POWER_FAILURE type:authorisation"],
    ["target:user/ada", "target:user/ada"],
    ["ip:2001:db8::7", "ip:2001:db8::7"],
    ["created:>=2026-11-01Z", "since:2026-11-01T00:00:00Z"],
    ["created:2026-11-01Z..2026-11-02Z", "since:2026-11-01T00:00:00Z until:2026-11-03T00:00:00Z"],
    ['backup  user:ada  "logged   in" backup', 'backup user:ada "logged in"'],
    ['text:backup,"logged in" words:user:ada text:-x', 'backup "logged in" "user:ada" "-x"'],
    ["52:54:00:12:34:56 fe80::1 a,b", "52:54:00:12:34:56 fe80::1 a,b"],
    ['"C:\\"x', '"C:\\" x'],
    ["ip:198.51.100.0/24,2001:db8::/32 user:svc-*", "ip:198.51.100.0/24 ip:2001:db8::/32 user:svc-*"],
    ["type:node_* -target:user/svc-* node:web-*", "type:NODE_* -target:user/svc-* node:web-*"],
    ["user:a\\*b*", "user:a\\*b*"],
    ["since:2026-11-23T08:30+01:00 since:2026-11-23T07:30Z", "since:2026-11-23T07:30:00Z"],
  ] as const;
  for (const [text, printed] of pairs) assert.equal(normalised(text), printed);
});

// A star before the end of a value would be refused.
const free = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => !text.includes("*"));
const values: Readonly<Partial<Record<FilterKey, fc.Arbitrary<string>>>> = {
  user: fc.string({ maxLength: 12 }).map((name) => recordedValue("user", name)),
  action: fc.constantFrom("auth.login", "auth.*", "node"),
  ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("198.51.100.0/24", "2001:db8::/32")),
  text: fc.constantFrom("backup", '"logged in"', "svc-backup@x", '"user:ada"', "52:54:00:12:34:56"),
  mac: fc.constantFrom("52:54:00:12:34:56", "5254.0012.3456"),
};
const term = fc.constantFrom(...filterKeyNames).chain((key): fc.Arbitrary<FilterTerm> => {
  const facts = filterKeys[key];
  const known = "values" in facts ? fc.constantFrom<string>(...facts.values) : (values[key] ?? free);
  if ("isTime" in facts)
    return fc.constant({ key, value: key === "since" ? "7d" : "2026-11-24T00:00:00Z", isExcluded: false });
  return fc
    .tuple(known, fc.boolean())
    .map(([value, isExcluded]) => ({ key, value, isExcluded: isExcluded && key !== "text" }));
});
const filter = fc.uniqueArray(term, { maxLength: 20, selector: printedOne });

function printedOne(one: FilterTerm): string {
  return printFilter([one]);
}

test("for any filter, what is printed is read as the same filter", () => {
  fc.assert(fc.property(filter, (terms) => assert.deepEqual(parse(printFilter(terms)), terms)));
});

test("for any text, it is refused with a part of it named, or normalising it twice is as good as once", () => {
  const word = fc.constantFrom(
    "user",
    "-",
    ":",
    ",",
    '"',
    "\\",
    " ",
    "level",
    "info",
    "since",
    "7d",
    "created",
    "..",
    "a",
    "\u00a0",
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 14 }).map((words) => words.join("")),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseFilter(given, { now });
      if (!parsed.ok) return void errorOf(given);
      assert.equal(normalised(printFilter(parsed.terms)), printFilter(parsed.terms));
    }),
    { numRuns: 2000 },
  );
});

test("for any list of values, commas mean the same as the key again", () => {
  fc.assert(
    fc.property(fc.array(free, { minLength: 1, maxLength: 9 }), (names) => {
      const quotedNames = names.map((name) => `"${name.replaceAll(/["\\]/g, "\\$&")}"`);
      const repeated = quotedNames.map((name) => `user:${name}`).join(" ");
      assert.deepEqual(parse(`user:${quotedNames.join(",")}`), parse(repeated));
    }),
  );
});

test("words and phrases are one text of the query", () => {
  const query = toQuery(parse('backup user:ada "logged in"'), now);
  assert.deepEqual(
    [...query],
    [
      ["text", 'backup "logged in"'],
      ["owner", "ada"],
    ],
  );
});

test("a query has the API's names, and repeats them", () => {
  const query = toQuery(
    parse('user:ada,"b, c" type:node level:audit -user:"" -mac:52:54:00:12:34:56 trace:f0 agent:juju since:24h'),
    now,
  );
  assert.deepEqual(
    [...query],
    [
      ["owner", "ada"],
      ["owner", "b, c"],
      ["type", "NODE"],
      ["level", "AUDIT"],
      ["exclude", "owner:"],
      ["exclude", "mac_address:52:54:00:12:34:56"],
      ["trace_id", "f0"],
      ["agent_name", "juju"],
      ["since", "2026-11-24T08:30:15.250Z"],
    ],
  );
});

test("a term is added once, in the place of its opposite and of another time", () => {
  const terms = parse("user:ada since:24h");
  const add = (key: FilterKey, value: string, isExcluded = false): string =>
    printFilter(addTerm(terms, key, value, { isExcluded }));
  assert.equal(add("user", "ada"), "user:ada since:24h");
  assert.equal(add("user", "bob"), "user:ada since:24h user:bob");
  assert.equal(add("user", "ada", true), "since:24h -user:ada");
  assert.equal(add("since", "2026-11-23T08:30:00.000000Z"), "user:ada since:2026-11-23T08:30:00Z");
  assert.equal(add("level", "AUDIT"), "user:ada since:24h level:audit");
  assert.equal(add("type", "NODE_POWER", true), "user:ada since:24h -type:NODE_POWER");
  assert.equal(printFilter(removeTerm(terms, 0)), "since:24h");
});

test("chips say what a term means", () => {
  const hostnames = new Map([["4y3h7n", "web-1"]]);
  const words = (text: string): readonly string[] => parse(text).map((one) => describeTerm(one, hostnames));
  assert.deepEqual(words('user:admin -outcome:success node:4y3h7n,x user:"" since:24h'), [
    "user: admin",
    "not outcome: success",
    "node: 4y3h7n (web-1)",
    "node: x",
    "user: nobody",
    "since: 24h ago",
  ]);
});

test("a link that shows the same later has no relative times, and an end", () => {
  const fixed = (text: string): string => printFilter(fixedRange(parse(text), now));
  assert.equal(fixed("user:ada since:24h"), "user:ada since:2026-11-24T08:30:15Z until:2026-11-25T08:30:16Z");
  assert.equal(fixed("since:7d until:24h"), "since:2026-11-18T08:30:15Z until:2026-11-24T08:30:15Z");
  assert.equal(fixed("since:2026-11-24Z user:ada"), "since:2026-11-24T00:00:00Z user:ada");
  assert.equal(fixed("user:ada"), "user:ada");
});
