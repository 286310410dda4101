import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normalText } from "../../../../src/search/words/normal-text.ts";
import { eventFinder } from "../../../../src/search/words/event-finder.ts";
import { parseSearchText } from "../../../../src/search/words/search-text.ts";
import { foldText } from "./folded-text.ts";
import { marksOf, soughtBy } from "./sought.ts";

/** The text with what is marked in brackets. */
function marked(text: string, ...values: readonly string[]): string {
  const sought = soughtBy(values);
  assert.ok(sought !== undefined);
  let result = "";
  let at = 0;
  for (const { start, end } of marksOf(text, sought)) {
    result += `${text.slice(at, start)}[${text.slice(start, end)}]`;
    at = end;
  }
  return result + text.slice(at);
}

test("what a search finds is marked as it stands there", () => {
  assert.equal(marked("User 'Müller' logged in.", "muller"), "User '[Müller]' logged in.");
  assert.equal(marked("MULLER and Mu\u0308ller", "Müll"), "[MULL]ER and [Mu\u0308ll]er");
  assert.equal(marked("Straße, STRASSE", "strasse"), "[Straße], [STRASSE]");
  assert.equal(marked("svc-backup@mail.example.com", "example", "backup"), "svc-[backup]@mail.[example].com");
  assert.equal(marked("User logged   in, logged out", '"logged in"'), "User [logged   in], logged out");
  assert.equal(marked("in inside begins in-line x.in", "in"), "[in] [in]side begins [in]-line x.in");
  assert.equal(marked("東京都の電源", "京都"), "東[京都]の電源");
  assert.equal(marked("東京都の電源", "東京都"), "[東京都]の電源");
  assert.equal(
    marked("at 52-54-00-12-34-56, 5254.0012.3456.", "52:54:00:12:34:56"),
    "at [52-54-00-12-34-56], [5254.0012.3456.]",
  );
  assert.equal(marked("from 2001:DB8:0::7 on", "2001:db8::7"), "from [2001:DB8:0::7] on");
  assert.equal(marked("overlapping", "over", "verla"), "[overla]pping");
  assert.equal(marked("nothing", "else"), "nothing");
});

const letters = fc.string({
  unit: fc.constantFrom(...Array.from("aBcİıſßΣςσéÅ\u0308\u0301ñäöüÆŁ ﬁ①Ⅷ東京の.-:@7\u00a0 x")),
  maxLength: 12,
});

test("for any text, it is folded as the server's searches fold it", () => {
  fc.assert(
    fc.property(letters, (text) => {
      const { text: folded, starts, ends } = foldText(text);
      assert.equal(folded.trim(), normalText(text).replaceAll(/\s+/g, " ").trim());
      assert.equal(starts.length, folded.length);
      assert.equal(ends.length, folded.length);
    }),
    { numRuns: 3000 },
  );
});

test("for any text and word, what the server finds has a mark", () => {
  fc.assert(
    fc.property(letters, letters, (description, word) => {
      const wanted = word.replaceAll(/\s+/g, "");
      const none = {
        username: null,
        ip: null,
        target_id: null,
        target_name: null,
        details: null,
        node: null,
        hostname: null,
      };
      let finds: ReturnType<typeof eventFinder>;
      try {
        finds = eventFinder(parseSearchText(wanted));
      } catch {
        return;
      }
      if (!finds({ ...none, description })) return;
      const sought = soughtBy([wanted]);
      assert.ok(sought !== undefined && marksOf(description, sought).length > 0, `${description}: ${wanted}`);
    }),
    { numRuns: 5000 },
  );
});
