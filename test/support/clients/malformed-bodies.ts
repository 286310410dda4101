import fc from "fast-check";

// Bodies of every kind of malformation, for `malformed.ts`.

const long = "x".repeat(9000);

/** Words that are no good name, number or path. */
export const nasty = [
  "",
  "%00",
  "%ff",
  "%",
  "%zz",
  "%u0041",
  "..",
  "%2e%2e",
  ".",
  "a%2fb",
  "%F0%9F%98%80",
  "-1",
  "0",
  "1",
  "1e3",
  "9".repeat(40),
  "__proto__",
  "constructor",
  "%27%20or%201%3D1--",
  "a;b",
  "a\\b",
  "nobody",
  "VICTIM",
  "%ed%a0%80",
  "x".repeat(200),
  long,
];
const segment = fc.constantFrom(...nasty);
export const values = fc.oneof(
  segment,
  fc.constantFrom(
    "query",
    "whoami",
    "create_authorisation_token",
    "update_token_name",
    "AUDIT",
    "INFO",
    "100",
    "1001",
    "-0",
    "٣",
    "0x10",
    "2018-02-30T00:00:00Z",
    "%2B275761-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2018-02-01T00:00:00.123456789Z",
    "::1",
    "%3A%3A%3A",
    "success",
    "true",
  ),
);
const contentTypes = [
  "application/json",
  "application/json; charset=utf-16",
  "application/json;",
  "application/x-www-form-urlencoded",
  "application/x-www-form-urlencoded; charset=latin1",
  "multipart/form-data; boundary=b",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary="',
  "multipart/mixed; boundary=b",
  "text/plain",
  "nonsense",
  "",
  'a/b; c="',
  "application/json, text/html",
  "APPLICATION/JSON",
  "application/merge-patch+json",
];

const fieldNames = [
  "username",
  "password",
  "email",
  "last_name",
  "is_superuser",
  "is_active",
  "old_password",
  "new_password",
  "name",
  "token",
  "token_key",
  "op",
  "consumer",
  "csrfmiddlewaretoken",
  "__proto__",
  "constructor",
  "toString",
  "oauth_nonce",
  "",
];
const fieldText = fc.oneof(
  fc.constantFrom(
    "",
    "x",
    "0",
    "1",
    "true",
    "\0",
    "a\0b",
    "\ud800",
    "😀",
    "\u202e",
    "null",
    "9".repeat(400),
    long,
    "VICTIM",
    "a@example.com",
    "password 1",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const jsonValue: fc.Arbitrary<unknown> = fc.oneof(
  fieldText,
  fc.constantFrom(null, true, 0, -1, 1e308, 0.1, [], {}, [[]], ["x"], { x: 1 }),
  fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
);

const jsonBody = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom(...fieldNames), jsonValue), { maxLength: 5 })
    .map((all) => JSON.stringify(Object.fromEntries(all))),
  fc.constantFrom(
    "",
    "{",
    "}",
    "null",
    "[]",
    '"x"',
    "1",
    "1e999",
    '{"name":1e999}',
    "{'a':1}",
    '{"a":1,}',
    "\ufeff{}",
    '{"__proto__":{"is_superuser":true}}',
    '{"constructor":{"prototype":{}}}',
    '{"name":"\\u0000"}',
    '{"name":"\\ud800"}',
    '{"name":"a","name":"b"}',
    "[".repeat(30_000),
    "[".repeat(5000) + "]".repeat(5000),
    '{"a":'.repeat(5000) + "1" + "}".repeat(5000),
    `{"name":"${"x".repeat(3_000_000)}"}`,
    "NaN",
    "undefined",
  ),
  fc.json(),
);
const formBody = fc.oneof(
  fc
    .array(
      fc.tuple(fc.constantFrom(...fieldNames), fc.oneof(values, fc.constantFrom("%", "%0", "+", "%ff%fe", "%00"))),
      { maxLength: 5 },
    )
    .map((all) => all.map(([name, value]) => `${name}=${value}`).join("&")),
  fc.constantFrom("", "=", "&", "&&&", "%=%", "a=b&".repeat(5000), "name", "=x", `name=${"%41".repeat(100_000)}`),
);
const partHeaders = fc.constantFrom(
  'Content-Disposition: form-data; name="name"',
  'Content-Disposition: form-data; name="username"',
  'Content-Disposition: form-data; name="password"',
  "Content-Disposition: form-data",
  "Content-Disposition: form-data; name",
  'Content-Disposition: form-data; name="',
  'Content-Disposition: attachment; name="x"',
  'Content-Disposition: form-data; name="name"; filename="../../etc/passwd"',
  "no colon here",
  ": no name",
  "",
  `X: ${long}`,
  'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64',
  'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: nonsense',
  'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=utf-16',
  'Content-Disposition: form-data; name="\0"',
  "Content-Type: multipart/mixed; boundary=b",
);
const partBody = fc.oneof(
  fieldText,
  fc.constantFrom("!!!not base64!!!", "aGVsbG8", "aGVsbG8=\r\n", "/w==", "--b", "\r\n--b--\r\n", "\r\n".repeat(50)),
);
const multipartBody = fc.oneof(
  fc
    .tuple(
      fc.array(fc.tuple(partHeaders, partBody), { maxLength: 4 }),
      fc.constantFrom("--b--", "--b--\r\n", "", "--b", "--c--"),
    )
    .map(([parts, end]) => parts.map(([headers, body]) => `--b\r\n${headers}\r\n\r\n${body}\r\n`).join("") + end),
  fc.constantFrom(
    "",
    "--b\r\n\r\n--b--",
    "--b",
    "--b--",
    "preamble\r\n--b\r\n",
    '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n\r\n'.repeat(3000) + "--b--",
    "--b\n\n--b--",
  ),
);

/** Any body, with the type that is said of it. */
export const anyBody: fc.Arbitrary<{ readonly type: string | undefined; readonly bytes: Buffer }> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: undefined, bytes: Buffer.alloc(0) }) },
  { weight: 4, arbitrary: jsonBody.map((text) => ({ type: "application/json", bytes: Buffer.from(text) })) },
  {
    weight: 3,
    arbitrary: formBody.map((text) => ({ type: "application/x-www-form-urlencoded", bytes: Buffer.from(text) })),
  },
  {
    weight: 3,
    arbitrary: multipartBody.map((text) => ({ type: "multipart/form-data; boundary=b", bytes: Buffer.from(text) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...contentTypes), fc.oneof(jsonBody, formBody, multipartBody))
      .map(([type, text]) => ({ type, bytes: Buffer.from(text) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...contentTypes, undefined), fc.uint8Array({ maxLength: 60 }))
      .map(([type, bytes]) => ({ type, bytes: Buffer.from(bytes) })),
  },
);
