import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { eventFinder } from "./event-finder.ts";
import { type SearchedEvent, textsOfEvent, wordsOfEvent } from "./event-words.ts";
import { parseSearchText } from "./search-text.ts";
import { isFoundBy, soughtWordsOf, wordLengthMax, wordsOf } from "./words.ts";

const nothing: SearchedEvent = {
  username: null,
  ip: null,
  target_id: null,
  target_name: null,
  description: null,
  details: null,
  node: null,
  hostname: null,
};

const finds = (text: string, event: Partial<SearchedEvent>): boolean =>
  eventFinder(parseSearchText(text))({ ...nothing, ...event });

/** What is in a text, and what finds it. */
const found: readonly (readonly [said: string, sought: string])[] = [
  ["User 'johnnybegood' logged in.", "johnnybegood"],
  ["User 'johnnybegood' logged in.", "JOHNNY logged"],
  ["User 'johnnybegood' logged in.", "begood"],
  ["User 'johnnybegood' logged in.", "lo in"],
  ["Jürgen Müller", "jurgen muller"],
  ["Jurgen Muller", "Jürgen Müller"],
  ["STRASSE", "straße"],
  ["ΟΔΥΣΣΕΥΣ", "οδυσσεύς"],
  ["ﬁle ①", "file 1"],
  ["ガ行", "ガ"],
  ["東京都庁", "京都"],
  ["東京都庁", "東京都庁"],
  ["東京都庁", "庁"],
  ["東京server-7", "server 東京"],
  ["ทดสอบระบบ", "สอบ"],
  ["서버를 껐다", "서버"],
  ["deploy 🚀 now", "🚀"],
  ["from 2001:DB8:0:0::1.", "2001:db8::1"],
  ["from 2001:db8::1", "2001:0db8:0000::0001"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["2001:db8:0::/48", "2001:DB8::/48"],
  ["::ffff:a00:1", "10.0.0.1"],
  ["::ffff:a00:1", "10"],
  ["10.20.30.40:22", "10.20.30.40"],
  ["52:54:00:AA:BB:CC", "52-54-00-aa-bb-cc"],
  ["5254.00aa.bbcc", "52:54:00:aa:bb:cc"],
  ["svc-backup@mail.example.com", "example.com"],
  ["/var/log/syslog", "log/sys"],
  ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "3fa85f64-5717-4562-b3fc-2c963f66afa6"],
  ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "3FA85F64"],
  ["the quick  brown fox", '"quick brown"'],
  ["a".repeat(600), "a".repeat(400)],
];

const missed: readonly (readonly [said: string, sought: string])[] = [
  ["User 'johnnybegood' logged in.", "johnny out"],
  ["User 'johnnybegood' logged in.", "oh"],
  ["ガ行", "カ"],
  ["й", "и"],
  ["हिन्दी", "हनद"],
  ["東京都庁", "東庁"],
  ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "4562"],
  ["0123456789abcdef".repeat(2), "cdef0123"],
  ["the quick brown fox", '"quick fox"'],
  ["one text", '"one other"'],
];

for (const [said, sought] of found) {
  test(`${sought.slice(0, 60)} finds ${said.slice(0, 60)}`, () => {
    assert(finds(sought, { description: said }));
  });
}

for (const [said, sought] of missed) {
  test(`${sought} doesn't find ${said}`, () => {
    assert(!finds(sought, { description: said }));
  });
}

test("every searched column and every text and number of the details is found, and no member's name", () => {
  const event = {
    username: "ada",
    ip: "10.0.0.1",
    target_id: "4711",
    target_name: "bob",
    description: "Something.",
    details: '{"changed":{"old":["alpha",12.5],"shown":true},"much":null}',
    node: "x7k2m9",
    hostname: "rack1",
  };
  for (const sought of [
    "ada",
    "10.0.0.1",
    "4711",
    "bob",
    "something",
    "alpha",
    "12.5",
    "x7k2m9",
    "rack1",
    "ada alpha rack1",
  ]) {
    assert(finds(sought, event), sought);
  }
  for (const sought of ["changed", "true", "null", "ada nobody"]) assert(!finds(sought, event), sought);
});

test("details that are no JSON are searched as text", () => {
  assert(finds("broken", { details: '{"broken' }));
});

test("a phrase stands within one text", () => {
  assert(!finds('"ada bob"', { username: "ada", target_name: "bob" }));
  assert(finds('"ada" bob', { username: "ada", target_name: "bob" }));
});

test("words are cut, and not within a character", () => {
  const [word = ""] = wordsOf(`a${"𝒳𐐨".repeat(400)}`);
  assert(word.length <= wordLengthMax && word.isWellFormed());
});

const refused: readonly (readonly [text: string, pattern: RegExp])[] = [
  ["", /^Empty search/],
  [" \t", /^Empty search/],
  ['bob "logged', /quotation mark is open/],
  ['bob ""', /Nothing to search for in ""/],
  ["!!! ---", /^Nothing to search for/],
  ["x".repeat(501), /too long/],
  [Array.from({ length: 21 }, (_, at) => `word${at}`).join(" "), /^Too many words/],
];

for (const [text, pattern] of refused) {
  test(`the search ${JSON.stringify(text.slice(0, 20))} is refused`, () => {
    assert.throws(
      () => parseSearchText(text),
      (error) => error instanceof Refusal && pattern.test(error.message) && error.fields?.["text"] !== undefined,
    );
  });
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from("aB9.:-_/ éÅßΣςガ東京한ทด🚀f")), maxLength: 60 }),
  fc.ipV6(),
  fc.ipV4().map((ip) => `::FFFF:${ip}`),
  fc
    .tuple(fc.string({ unit: fc.constantFrom(...Array.from('abfAB10.:-/ "\n')), maxLength: 40 }), fc.ipV6())
    .map((parts) => parts.join(" ")),
  fc.uuid(),
);

test("for any text, each of its words is a word", () => {
  fc.assert(
    fc.property(text, (said) => {
      for (const word of wordsOf(said)) assert(wordsOf(word).includes(word), word);
    }),
  );
});

test("for any text, it is found by itself in any case and form, and by any of its words", () => {
  fc.assert(
    fc.property(text, (said) => {
      const words = wordsOf(said);
      for (const form of [said, said.normalize("NFD"), said.normalize("NFKC")]) {
        for (const sought of soughtWordsOf(form))
          assert(
            words.some((word) => isFoundBy(word, sought)),
            sought,
          );
      }
      for (const word of words) {
        for (const sought of soughtWordsOf(word))
          assert(
            words.some((one) => isFoundBy(one, sought)),
            word,
          );
      }
    }),
  );
});

test("for any event and word, looking at the row quickly says what its words say", () => {
  const event = fc.record({ description: text, username: fc.option(text), details: fc.json() });
  fc.assert(
    fc.property(event, text, fc.nat(50), fc.nat(4), (said, other, from, length) => {
      const within = said.description.slice(from, from + length + 1);
      for (const sought of [other, within]) {
        const words = soughtWordsOf(sought);
        if (words.length === 0) continue;
        const row = { ...nothing, ...said };
        const expected = words.every((one) => [...wordsOfEvent(row)].some((word) => isFoundBy(word, one)));
        assert.equal(eventFinder({ words, phrases: [] })(row), expected, textsOfEvent(row).join("|"));
      }
    }),
    { numRuns: 500 },
  );
});
