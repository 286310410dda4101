import fc from "fast-check";
import type { EventContents } from "../../../src/verifiable-log/event-fields.ts";

/** What breaks out of one format or another, if anything does. */
const pieces = [
  "|",
  "\\",
  "=",
  " src=198.51.100.9",
  "]",
  '"',
  '"] [forged@1 id="1"]',
  "\n<13>1 - - - - - - forged",
  "\r\n",
  "\u0000",
  "\u001b[31m",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\ud800",
  "\udfff",
  "😀",
  "é",
  "%(username)s",
  "'}; --",
  "x".repeat(3_000),
  "😀|=".repeat(900),
];

/** Text of a user who means harm, or of one who pasted a file. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(100_000), "\n".repeat(30_000), "😀=|".repeat(20_000)) },
);

const orNull = fc.option(hostileText, { nil: null });

/** The fields of an event that others word. */
export const hostileFields: fc.Arbitrary<Partial<EventContents>> = fc.record({
  username: orNull,
  user_agent: orNull,
  ip: orNull,
  forwarded: orNull,
  trace_id: orNull,
  target_kind: fc.oneof(fc.constant("user"), orNull),
  target_id: orNull,
  target_name: orNull,
  description: orNull,
  node: orNull,
  hostname: orNull,
  reporter: orNull,
  session: orNull,
  action: fc.oneof(fc.constantFrom("auth.login", "user.create", "node.deploy"), hostileText),
  type: hostileText,
  source: fc.constantFrom("ironlog", "external", "maas:west"),
  outcome: fc.constantFrom("success", "failure"),
  level: fc.constantFrom(0, 10, 20, 30, 40, 50),
  details: fc.option(
    hostileText.map((text) => JSON.stringify({ reason: text.toWellFormed(), [text.toWellFormed()]: 1 })),
    { nil: null },
  ),
});
