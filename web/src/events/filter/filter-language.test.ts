import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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
    ["since:2026-11-23T08:30+01:00 since:2026-11-23T07:30Z", "since:2026-11-23T07:30:00Z"],
  ] as const;
  for (const [text, printed] of pairs) assert.equal(normalised(text), printed);
});

test("each error names its term and says what to do", () => {
  const more = `use ${Array.from({ length: 21 }, (_, at) => `user:u${at}`).join(" ")}`.slice(4);
  const times = "2026-11-23, 2026-11-23T08:30, 24h, 7d, today or yesterday";
  const cases: readonly (readonly [text: string, term: string, message: string, suggestion?: string])[] = [
    ["user:ada usr:bob", "usr:bob", "'usr' is not a filter. Did you mean user:?", "user:bob"],
    ["-Action:x", "-Action:x", "'Action' is not a filter. Did you mean action:?", "-action:x"],
    ['ownr:"a b"', 'ownr:"a b"', "'ownr' is not a filter. Did you mean user:?", 'user:"a b"'],
    ["xyzzy:1", "xyzzy:1", `'xyzzy' is not a filter. Use one of ${filterKeyNames.join(", ")}.`],
    ["outcome:sucess", "outcome:sucess", "'sucess' is not an outcome. Did you mean success?", "outcome:success"],
    ["-level:audit,inf", "-level:audit,inf", "'inf' is not a level. Did you mean info?", "-level:audit,info"],
    [
      "type:authorization",
      "type:authorization",
      "'authorization' is not a type. Did you mean authorisation?",
      "type:authorisation",
    ],
    ["source:moon", "source:moon", "'moon' is not a source. Use ironlog, external or maas:NAME."],
    ["since:soon", "since:soon", `'soon' is not a time. Use ${times}.`],
    [
      "created:2026-11-23",
      "created:2026-11-23",
      `'2026-11-23' is not a range of times. Use >=T, <T or T..T, where T is ${times}.`,
      "created:2026-11-23..2026-11-23",
    ],
    ["since:24h until:7d", "until:7d", "'since' is not before 'until'. Give an earlier 'since' or a later 'until'."],
    [
      "until:today since:today",
      "since:today",
      "'since' is not before 'until'. Give an earlier 'since' or a later 'until'.",
    ],
    ["since:24h since:7d", "since:7d", "'since' stands there twice. Keep one of them."],
    ["since:24h created:>=7d", "created:>=7d", "'since' stands there twice. Keep one of them."],
    ["since:24h,7d", "since:24h,7d", "'since' takes one time. Keep one of them."],
    ["-since:24h", "-since:24h", "'since' can't be excluded. Did you mean until:?", "until:24h"],
    ["-created:<24h", "-created:<24h", "'created' can't be excluded. Use since: and until:."],
    [
      'level:info user:"ada level:info',
      'user:"ada level:info',
      `The quote in 'user:"ada level:info' has no end. Add " to it.`,
      'user:"ada level:info"',
    ],
    ['user:"ada"x', 'user:"ada"x', `'user:"ada"x' goes on behind its quote. Put a space or a comma there.`],
    ["user:", "user:", "A value is missing in 'user:'. Add one behind the colon or the comma."],
    ["user:ada,", "user:ada,", "A value is missing in 'user:ada,'. Add one behind the colon or the comma."],
    ['action:""', 'action:""', `A value is missing in 'action:""'. Add one behind the colon or the comma.`],
    ["admin", "admin", "'admin' alone is not a filter. Did you mean user:admin?", "user:admin"],
    [
      "level:info -failure",
      "-failure",
      "'failure' alone is not a filter. Did you mean -outcome:failure?",
      "-outcome:failure",
    ],
    ['"Ada L"', '"Ada L"', `'"Ada L"' alone is not a filter. Did you mean user:"Ada L"?`, 'user:"Ada L"'],
    ["user:ada OR user:bob", "OR", "There is no OR. Give one filter several values, as in user:ada,bob."],
    ["user:ada AND level:info", "AND", "There is no AND. Leave it out: different filters must all hold.", ""],
    ["user:ada -", "-", "'-' alone is not a filter. Leave it out.", ""],
    ["(user:ada)", "(user:ada)", "'(user' is not a filter. Did you mean user:?", "user:ada)"],
    [
      "ip:192.0.2.0/24",
      "ip:192.0.2.0/24",
      "'192.0.2.0/24' is not one address. Use one such as 192.0.2.1: ranges can't be searched.",
    ],
    [
      "action:*login",
      "action:*login",
      "'*login' is not an action. A * stands at the end and behind a dot, as in auth.*",
    ],
    ["mac:nonsense", "mac:nonsense", "'nonsense' is not a MAC address. Use one such as 52:54:00:12:34:56."],
    [more, "user:u20", "The filter has more than 20 terms. Leave some of them out."],
    [`user:${"x".repeat(1996)}`, "x", "The filter is longer than 2,000 characters. Leave some of it out."],
  ];
  for (const [text, term, message, suggestion] of cases) {
    const error = errorOf(text);
    assert.deepEqual([error.term, error.message, error.suggestion], [term, message, suggestion], text);
  }
});

test("a suggestion in the place of its term is a filter", () => {
  for (const text of [
    "usr:bob",
    "outcome:sucess",
    "created:2026-11-23",
    "-since:24h",
    'user:"ada b',
    "admin",
    "failure",
    "-",
    "AND",
  ]) {
    const { start, end, suggestion = "none" } = errorOf(text);
    parse(text.slice(0, start) + suggestion + text.slice(end));
  }
});

const free = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const values: Readonly<Partial<Record<FilterKey, fc.Arbitrary<string>>>> = {
  user: fc.string({ maxLength: 12 }),
  action: fc.constantFrom("auth.login", "auth.*", "node"),
  ip: fc.oneof(fc.ipV4(), fc.ipV6()),
  mac: fc.constantFrom("52:54:00:12:34:56", "5254.0012.3456"),
};
const term = fc.constantFrom(...filterKeyNames).chain((key): fc.Arbitrary<FilterTerm> => {
  const facts = filterKeys[key];
  const known = "values" in facts ? fc.constantFrom<string>(...facts.values) : (values[key] ?? free);
  if ("isTime" in facts)
    return fc.constant({ key, value: key === "since" ? "7d" : "2026-11-24T00:00:00Z", isExcluded: false });
  return fc.tuple(known, fc.boolean()).map(([value, isExcluded]) => ({ key, value, isExcluded }));
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
