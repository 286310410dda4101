import assert from "node:assert/strict";
import { test } from "node:test";
import { filterKeyNames } from "./filter-keys.ts";
import { type FilterError, parseFilter } from "./filter-language.ts";

const now = Date.UTC(2026, 10, 25, 8, 30, 15, 250);

test("each error names its term and says what to do", () => {
  const more = `use ${Array.from({ length: 21 }, (_, at) => `user:u${at}`).join(" ")}`.slice(4);
  const times = "2026-11-23, 2026-11-23T08:30, 24h, 7d, today or yesterday";
  const cases: readonly (readonly [text: string, term: string, message: string, suggestion?: string])[] = [
    ["user:ada usr:bob", "usr:bob", "'usr' is not a filter. Did you mean user:?", "user:bob"],
    ["-Action:x", "-Action:x", "'Action' is not a filter. Did you mean action:?", "-action:x"],
    ['ownr:"a b"', 'ownr:"a b"', "'ownr' is not a filter. Did you mean user:?", 'user:"a b"'],
    [
      "xyzzy:1",
      "xyzzy:1",
      `'xyzzy' is not a filter. Use one of ${filterKeyNames.join(", ")}, or search for "xyzzy:1".`,
      '"xyzzy:1"',
    ],
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
    [
      "level:info -failure",
      "-failure",
      "Words can't be left out, only values can. Did you mean -outcome:failure?",
      "-outcome:failure",
    ],
    ['-"Ada L"', '-"Ada L"', `Words can't be left out, only values can. Did you mean -user:"Ada L"?`, '-user:"Ada L"'],
    ["-text:ada", "-text:ada", "Words can't be left out. Leave out values, as in -user:ada."],
    ['level:info "Ada L', '"Ada L', `The quote in '"Ada L' has no end. Add " to it.`, '"Ada L"'],
    ["level:info ...", "...", "There is nothing to search for in '...'. Use letters or digits."],
    ['" "', '" "', `There is nothing to search for in '" "'. Use letters or digits.`],
    ["user:ada OR user:bob", "OR", "There is no OR. Give one filter several values, as in user:ada,bob."],
    ["user:ada AND level:info", "AND", "There is no AND. Leave it out: different filters must all hold.", ""],
    ["user:ada -", "-", "'-' alone is not a filter. Leave it out.", ""],
    ["(user:ada)", "(user:ada)", "'(user' is not a filter. Did you mean user:?", "user:ada)"],
    [
      "ip:nonsense",
      "ip:nonsense",
      "'nonsense' is not an address. Use one such as 192.0.2.1, or a network such as 198.51.100.0/24 or 2001:db8::/32.",
    ],
    ["ip:198.51.*", "ip:198.51.*", "'198.51.*' is not an address. Did you mean 198.51.0.0/16?", "ip:198.51.0.0/16"],
    [
      "-ip:192.0.2.1/23",
      "-ip:192.0.2.1/23",
      "'192.0.2.1/23' has bits behind its first 23. Did you mean 192.0.2.0/23?",
      "-ip:192.0.2.0/23",
    ],
    ["ip:192.0.2.0/33", "ip:192.0.2.0/33", "'192.0.2.0/33' is not a network. Its prefix has at most 32 bits."],
    ["ip:::/129", "ip:::/129", "'::/129' is not a network. Its prefix has at most 128 bits."],
    [
      "ip:192.0.2/24",
      "ip:192.0.2/24",
      "'192.0.2/24' is not a network. Use one such as 198.51.100.0/24 or 2001:db8::/32.",
    ],
    [
      "user:*svc",
      "user:*svc",
      "In '*svc' a * stands before the end. Put it at the end, or write \\* for a star itself.",
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
    "-admin",
    "-failure",
    "xyzzy:1",
    '"ada b',
    "ip:198.51.100.*",
    "-",
    "AND",
  ]) {
    const { start, end, suggestion = "none" } = errorOf(text);
    const mended = parseFilter(text.slice(0, start) + suggestion + text.slice(end), { now });
    assert.ok(mended.ok, text);
  }
});

function errorOf(text: string): FilterError {
  const parsed = parseFilter(text, { now });
  assert.ok(!parsed.ok, `'${text}' was taken`);
  const { term, start, end } = parsed.error;
  assert.equal(term, text.slice(start, end));
  return parsed.error;
}
