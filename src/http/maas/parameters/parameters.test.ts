import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../../refusal.ts";
import { parameterCountMax, Parameters, parseBody, parseQuery } from "./parameters.ts";

const urlencoded = "application/x-www-form-urlencoded";

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    assert(error instanceof Refusal, String(error));
    assert.equal(error.code, "invalid");
    return error;
  }
  return assert.fail("nothing was refused");
}

test("of repeated parameters the last counts where one is wanted, all in order otherwise", () => {
  const query = parseQuery("op=a&hostname=x&op=b&hostname=y&hostname=");
  assert.equal(query.last("op"), "b");
  assert.deepEqual(query.all("hostname"), ["x", "y", ""]);
  assert.equal(query.last("nothing"), undefined);
  assert.deepEqual(query.all("nothing"), []);
  assert.deepEqual(query.pairs[0], ["op", "a"]);
});

test("names that JavaScript's objects know are names like any other", () => {
  for (const parameters of [
    parseQuery("__proto__=x&constructor=y"),
    parseBody("application/json", Buffer.from('{"__proto__": "x", "constructor": "y"}')),
  ]) {
    assert.equal(parameters.last("__proto__"), "x");
    assert.equal(parameters.last("constructor"), "y");
    assert.equal(parameters.last("toString"), undefined);
  }
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});

test("urlencoded text is decoded as browsers do", () => {
  const query = parseQuery("&a=1+2%2B3&&b&=c&d=%C3%A9=%&e%5B%5D=%zz&");
  assert.deepEqual(query.pairs, [
    ["a", "1 2+3"],
    ["b", ""],
    ["", "c"],
    ["d", "é=%"],
    ["e[]", "%zz"],
  ]);
});

test("a body in raw UTF-8 is read as one that is percent-encoded", () => {
  assert.equal(parseBody(`${urlencoded}; charset=utf-8`, Buffer.from("a=é😀")).last("a"), "é😀");
});

test("text that is not UTF-8, or holds a NUL, is refused for its field", () => {
  for (const query of ["name=%ff", "name=%C3", "name=a%00b", "name=%ED%A0%80"]) {
    assert.deepEqual(Object.keys(refusal(() => parseQuery(query)).fields ?? {}), ["name"], query);
    assert.deepEqual(Object.keys(refusal(() => parseBody(urlencoded, Buffer.from(query))).fields ?? {}), ["name"]);
  }
  assert.deepEqual(Object.keys(refusal(() => parseQuery("a%00b=1")).fields ?? {}), ["a\ufffdb"]);
  assert.deepEqual(Object.keys(refusal(() => parseQuery("a%ff=1")).fields ?? {}), ["a%ff"]);
});

test("too many parameters and overlong names are refused", () => {
  parseQuery("a&".repeat(parameterCountMax));
  assert.match(refusal(() => parseQuery("a&".repeat(parameterCountMax + 1))).message, /at most 1000 parameters/);
  parseQuery("x".repeat(256));
  const { fields } = refusal(() => parseQuery("x".repeat(100_000)));
  assert.deepEqual(Object.keys(fields ?? {}), ["x".repeat(256)]);
});

test("no body is no parameters, whatever its type", () => {
  for (const type of [undefined, "", "text/plain", "multipart/form-data", "application/json", "x; y=z; y=z"]) {
    assert.deepEqual(parseBody(type, Buffer.alloc(0)), Parameters.none);
    assert.deepEqual(parseBody(type, undefined), Parameters.none);
  }
});

test("a body of another type, or of none, is refused naming the three that are taken", () => {
  for (const type of [undefined, "", "text/plain", "application/xml; charset=utf-8", "application/jsonx"]) {
    assert.match(
      refusal(() => parseBody(type, Buffer.from("a=1"))).message,
      /x-www-form-urlencoded, multipart\/form-data or application\/json/,
    );
  }
  refusal(() => parseBody('application/json; charset="', Buffer.from("{}")));
});

test("for any pairs, URLSearchParams' encoding reads back the same, in the query and in the body", () => {
  const text = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
      const encoded = new URLSearchParams(pairs).toString();
      assert.deepEqual(parseQuery(encoded).pairs, pairs);
      assert.deepEqual(parseBody(urlencoded, Buffer.from(encoded)).pairs, pairs);
    }),
  );
});

test("for any bytes and type, a body is read or refused, and nothing else", () => {
  const type = fc.constantFrom(
    undefined,
    urlencoded,
    "application/json",
    "multipart/form-data; boundary=B",
    'multipart/form-data; boundary="B"',
    "multipart/form-data",
  );
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("--B", "\r\n", "--B--", "\r\n\r\n", 'Content-Disposition: form-data; name="a"', "; filename=b"),
    fc.constantFrom(
      "Content-Transfer-Encoding: base64",
      " ",
      "{",
      "}",
      '"a"',
      ":",
      "[",
      "]",
      ",",
      "%",
      "&",
      "=",
      "%f0",
    ),
  );
  const body = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces.map((p) => Buffer.from(p))));
  const property = fc.property(fc.oneof(type, fc.string({ unit: "binary" })), body, (type, body) => {
    try {
      assertPromises(parseBody(type, body));
    } catch (error) {
      assert(error instanceof Refusal && error.code === "invalid", String(error));
    }
  });
  fc.assert(property, { numRuns: 3_000 });
});

test("for any text, a query is read or refused, and nothing else", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ max: 0xffff, min: 0 }).map((u) => String.fromCharCode(u)) }), (text) => {
      try {
        assertPromises(parseQuery(text));
      } catch (error) {
        assert(error instanceof Refusal && error.code === "invalid", String(error));
      }
    }),
  );
});

function assertPromises(parameters: Parameters): void {
  for (const text of parameters.pairs.flat()) assert(text.isWellFormed() && !text.includes("\0"));
  for (const { name, filename } of parameters.uploads) assert((name + filename).isWellFormed());
}
