import fc from "fast-check";
import { anyBody, nasty, values } from "./malformed-bodies.ts";

// Requests of every kind of malformation, as bytes, and what an answer to one must be.

/** Who sends it; `sign` gives the headers. */
export interface RawSender {
  readonly name: string;
  sign(): Readonly<Record<string, string>>;
}

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly sender: RawSender;
}

const long = "x".repeat(9000);
const segment = fc.constantFrom(...nasty);

const maasPaths = [
  "events/",
  "users/",
  "users/X/",
  "account/",
  "version/",
  "describe/",
  "scripts/",
  "scripts/X",
  "commissioning-scripts/X",
  "nosuch/",
  "X",
  "X/",
].map((path) => `/MAAS/api/2.0/${path}`);
const nativePaths = [
  "session",
  "sessions",
  "sessions/X",
  "account",
  "account/password",
  "account/tokens",
  "account/tokens/X",
  "users",
  "users/X",
  "users/X/password",
  "users/X/sessions",
  "events",
  "events/X",
  "scripts",
  "scripts/X",
  "scripts/X/revert",
  "scripts/X/revisions/X",
  "scripts/X/tags/X",
  "openapi.json",
  "X",
].map((path) => `/api/v1/${path}`);
const otherPaths = [
  "/MAAS/accounts/login/",
  "/MAAS/accounts/logout/",
  "/MAAS/accounts/authenticate/",
  "/MAAS/accounts/discharge-request/",
  "/MAAS/account/csrf/",
  "/MAAS/api/version/",
  "/MAAS/api/1.0/X",
  "/MAAS/X",
  "/healthz",
  "/readyz",
  "/metrics",
  "/",
  "//",
  "/X",
  "/MAAS//api/2.0/events/",
  "*",
  "http://example/api/v1/events",
];

const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...maasPaths, ...nativePaths, ...otherPaths), segment)
      .map(([one, by]) => one.replace("X", by)),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((text) => `/${text.replace(/[ #]/g, "")}`),
  },
);

const parameterNames = [
  "op",
  "level",
  "owner",
  "limit",
  "before",
  "after",
  "format",
  "since",
  "until",
  "ip",
  "source",
  "outcome",
  "trace_id",
  "type",
  "action",
  "target",
  "node",
  "owner[]",
  "__proto__",
  "oauth_token",
  "transfer_resources_to",
  "%00",
  "",
];
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 6,
    arbitrary: fc
      .array(
        fc.tuple(fc.constantFrom(...parameterNames), values).map(([name, value]) => `${name}=${value}`),
        { minLength: 1, maxLength: 5 },
      )
      .map((all) => `?${all.join("&")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "?",
      "??",
      "?&&==&",
      "?%",
      "?op",
      `?${"a=b&".repeat(1500)}`,
      "?op=query;level=AUDIT",
      "?op=query#x",
    ),
  },
);

const header: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(
    fc.constant("Authorization"),
    fc.constantFrom(
      "",
      "OAuth",
      "OAuth ",
      "OAuth =",
      "OAuth oauth_token",
      'OAuth oauth_token="%"',
      "Bearer",
      "Bearer ",
      "Bearer ::",
      `Bearer ${long.slice(0, 4000)}`,
      "Bearer \xff",
      "Basic !!!",
      "Digest x",
      "OAuth oauth_consumer_key=a, oauth_token=b, oauth_signature=%ff, oauth_signature_method=PLAINTEXT, oauth_timestamp=1e400, oauth_nonce=x",
      `OAuth oauth_consumer_key=a, oauth_token=b, oauth_signature=c, oauth_signature_method=PLAINTEXT, oauth_timestamp=${"9".repeat(400)}, oauth_nonce=`,
    ),
  ),
  fc.tuple(
    fc.constant("Cookie"),
    fc.constantFrom(
      "",
      ";",
      "=",
      "sessionid",
      "sessionid=",
      "sessionid=%",
      "sessionid=%00; csrftoken=%ff",
      "sessionid=x; sessionid=y",
      `sessionid=${long.slice(0, 4000)}`,
      "__proto__=x",
      'sessionid="',
      "sessionid=\xff\xfe",
      "a=b; ".repeat(500),
    ),
  ),
  fc.tuple(fc.constant("X-CSRFToken"), fc.constantFrom("", "x", "\xff", long.slice(0, 3000))),
  fc.tuple(
    fc.constantFrom("MAAS-trace-id", "traceparent"),
    fc.constantFrom(
      "",
      "x",
      "00-0-0-0",
      `00-${"0".repeat(32)}-${"0".repeat(16)}-00`,
      "\xff",
      long.slice(0, 3000),
      "ff".repeat(16),
    ),
  ),
  fc.tuple(
    fc.constant("X-Forwarded-For"),
    fc.constantFrom("", ",", "::ffff:1.2.3.4", "1.2.3.4:80", "[::1]:80", "nonsense, \xff", "1.2.3.4, ".repeat(200)),
  ),
  fc.tuple(
    fc.constantFrom("X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"),
    fc.constantFrom("", "evil.example", "http:///", "\xff"),
  ),
  fc.tuple(fc.constant("User-Agent"), fc.constantFrom("", "\xff\xfe", long.slice(0, 4000))),
  fc.tuple(
    fc.constantFrom("Accept", "Accept-Encoding", "Range", "If-None-Match", "If-Modified-Since", "Origin", "Referer"),
    fc.constantFrom("", "*", "bytes=0-0", "gzip;q=2", "\xff", "nonsense"),
  ),
  fc.tuple(fc.constant("Content-Encoding"), fc.constantFrom("gzip", "nonsense")),
  fc.tuple(fc.constantFrom("Upgrade", "X-HTTP-Method-Override"), fc.constantFrom("nonsense", "h2c", "DELETE")),
);

const hosts = ["127.0.0.1", "", "evil.example", "a b", "[::1", "\xff", "x:99999", "user@host"];

/** Any request by any of the senders; its framing is right, all else may be wrong. */
export function anyRequest(senders: readonly RawSender[]): fc.Arbitrary<RawRequest> {
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE") },
    { weight: 1, arbitrary: fc.constantFrom("HEAD", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get", "QUERY") },
  );
  const host = fc.oneof(
    { weight: 9, arbitrary: fc.constant("127.0.0.1") },
    { weight: 1, arbitrary: fc.constantFrom(...hosts) },
  );
  return fc
    .tuple(method, path, query, anyBody, fc.array(header, { maxLength: 2 }), host, fc.constantFrom(...senders))
    .map(([how, where, what, { type, bytes }, more, to, sender]) => ({
      method: how,
      target: where + what,
      headers: [["Host", to], ...(type === undefined ? [] : [["Content-Type", type] as const]), ...more],
      body: bytes,
      sender,
    }));
}

/** The request's bytes. The sender's own headers come last: a repeated one is the request's fault. */
export function bytesOf({ method, target, headers, body: bytes, sender }: RawRequest): Buffer {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const signed = Object.entries(sender.sign()).filter(([name]) => !given.has(name.toLowerCase()));
  const lines = [...headers, ...signed, ["Content-Length", String(bytes.length)], ["Connection", "close"]];
  const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}
