import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../../refusal.ts";
import { type Parameters, parseBody, type Upload } from "./parameters.ts";

const boundary = "===============6167563733194818215==";
const pythonType = `multipart/form-data; boundary="${boundary}"`;

function parse(lines: readonly string[], type = pythonType): Parameters {
  return parseBody(type, Buffer.from(lines.join("\r\n"), "utf8"));
}

function refusesWith(lines: readonly string[], message: RegExp, type = pythonType): void {
  assert.throws(
    () => parse(lines, type),
    (error) => {
      assert(error instanceof Refusal, String(error));
      assert.equal(error.code, "invalid");
      assert.match(error.message, message);
      return true;
    },
  );
}

test("the fields and files of MAAS's Python clients are decoded", () => {
  const parameters = parse([
    `--${boundary}`,
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: form-data; name="name"',
    "MIME-Version: 1.0",
    'Content-Type: text/plain; charset="utf-8"',
    "",
    "aGVsbG8=",
    "",
    `--${boundary}`,
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: form-data; name="script"; filename="script"',
    "MIME-Version: 1.0",
    "Content-Type: application/x-sh",
    "",
    "IyEvYmluL3NoCmVjaG8gMQo=",
    "",
    `--${boundary}--`,
  ]);
  assert.deepEqual(parameters.pairs, [["name", "hello"]]);
  assert.deepEqual(parameters.upload("script"), {
    name: "script",
    filename: "script",
    contentType: "application/x-sh",
    content: Buffer.from("#!/bin/sh\necho 1\n"),
  });
});

// Each of these bodies was printed by Python 3.11's email package.
test("Python's empty field, which lacks a line end before the boundary, is an empty text", () => {
  const headers = ["Content-Transfer-Encoding: base64", 'Content-Disposition: form-data; name="name"'];
  assert.deepEqual(parse([`--${boundary}`, ...headers, "", "", `--${boundary}--`]).pairs, [["name", ""]]);
  assert.deepEqual(parse([`--${boundary}`, ...headers, "", `--${boundary}--`]).pairs, [["name", ""]]);
});

test("Python's folded headers, encoded names and empty filenames are read", () => {
  const parameters = parse([
    `--${boundary}`,
    "Content-Transfer-Encoding: base64",
    "Content-Disposition: form-data;",
    ' name="a very long name with blanks in it and more and more and more and',
    ' more";',
    ' filename="a very long file name with blanks in it and more and more and more"',
    "",
    "AP8=",
    "",
    `--${boundary}`,
    "Content-Transfer-Encoding: base64",
    "Content-Disposition: form-data; name*=utf-8''n%C3%A9%20%22q%22%20%5Cb",
    "",
    "w6k=",
    "",
    `--${boundary}`,
    'Content-Disposition: form-data; name="f"; filename',
    "",
    "",
    `--${boundary}--`,
  ]);
  const [long, empty] = parameters.uploads;
  assert.equal(long?.name, "a very long name with blanks in it and more and more and more and more");
  assert.equal(long?.filename, "a very long file name with blanks in it and more and more and more");
  assert.deepEqual(long?.content, Buffer.from([0x00, 0xff]));
  assert.deepEqual(parameters.pairs, [['né "q" \\b', "é"]]);
  assert.equal(empty?.filename, "");
});

test("zero parts, as each client sends them, are no parameters", () => {
  for (const lines of [
    [`--${boundary}`, "", `--${boundary}--`],
    [`--${boundary}`, `--${boundary}--`],
    [`--${boundary}--`, ""],
    [`--${boundary}`, "", "", `--${boundary}--`],
  ]) {
    assert.deepEqual(parse(lines).pairs, []);
    assert.deepEqual(parse(lines).uploads, []);
  }
});

test("gomaasapi's parts, without transfer encoding, are taken as they are", () => {
  const bytes = Buffer.from([0x0d, 0x0a, 0x2d, 0x2d, 0x00, 0xff]);
  const body = Buffer.concat([
    Buffer.from('--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\n x \r\n--b1\r\n'),
    Buffer.from('Content-Disposition: form-data; name="f"; filename="é.bin"\r\n\r\n'),
    bytes,
    Buffer.from("\r\n--b1--\r\n"),
  ]);
  const parameters = parseBody("multipart/form-data; boundary=b1", body);
  assert.deepEqual(parameters.pairs, [["a", " x "]]);
  assert.deepEqual(parameters.uploads, [
    { name: "f", filename: "é.bin", contentType: "application/octet-stream", content: bytes },
  ]);
});

test("a line that only starts like the boundary is content", () => {
  const part = ["--b", 'Content-Disposition: form-data; name="a"', "", "--bc", "--b-", "--b--c", "--b--"];
  assert.equal(parse(part, "multipart/form-data; boundary=b").last("a"), "--bc\r\n--b-\r\n--b--c");
});

test("text around the parts and blanks after a boundary are ignored", () => {
  const lines = [
    "preamble",
    "--b \t",
    'Content-Disposition: form-data; name="a"',
    "",
    "x",
    "--b-- ",
    "epilogue",
    "--b",
  ];
  assert.deepEqual(parse(lines, "multipart/form-data; boundary=b").pairs, [["a", "x"]]);
});

test("what Fetch sends for a form is read", async () => {
  const form = new FormData();
  form.append("name", 'é"\r\n');
  form.append("file", new Blob([Buffer.from([0, 255])], { type: "application/x-sh" }), "a.sh");
  const request = new Response(form);
  const parameters = parseBody(request.headers.get("content-type") ?? "", Buffer.from(await request.arrayBuffer()));
  assert.deepEqual(parameters.pairs, [["name", 'é"\r\n']]);
  assert.deepEqual(parameters.upload("file")?.content, Buffer.from([0, 255]));
});

test("malformed bodies are refused, each with what to mend", () => {
  const field = 'Content-Disposition: form-data; name="a"';
  const whole = (...lines: string[]) => [`--${boundary}`, ...lines, `--${boundary}--`];
  const base64 = (text: string) => whole("Content-Transfer-Encoding: base64", field, "", text);
  refusesWith(whole(field, "", "x"), /boundary/, "multipart/form-data");
  refusesWith(whole(field, "", "x"), /boundary/, 'multipart/form-data; boundary=""');
  refusesWith(whole(field, "", "x"), /at most 70 ASCII/, `multipart/form-data; boundary=${"x".repeat(71)}`);
  refusesWith(whole(field, "", "x"), /at most 70 ASCII/, "multipart/form-data; boundary=é");
  refusesWith(whole(field, "", "x"), /final boundary is missing/, "multipart/form-data; boundary=other");
  refusesWith(whole(field, "", "x").slice(0, -1), /final boundary is missing/);
  refusesWith([`--${boundary}`], /final boundary is missing/);
  refusesWith(["x"], /final boundary is missing/);
  for (const text of ["a", "abc", "ab=c", "====", "abcd=", "ab-_", "aGk=aGk=", "é"]) {
    refusesWith(base64(text), /valid base64/);
  }
  refusesWith(whole("Content-Transfer-Encoding: quoted-printable", field, "", "x"), /no other transfer encoding/);
  refusesWith(whole("Content-Type: text/plain", "", "x"), /Content-Disposition/);
  refusesWith(whole("", "content without headers"), /Content-Disposition/);
  refusesWith(whole("Content-Disposition: form-data", "", "x"), /Content-Disposition/);
  refusesWith(whole('Content-Disposition: form-data; name="a', "", "x"), /Content-Disposition/);
  refusesWith(whole(field, "no colon", "", "x"), /'Name: value'/);
  refusesWith(whole(field, field, "", "x"), /'Name: value'/);
  refusesWith(whole(`X-Long: ${"x".repeat(8_192)}`, field, "", "x"), /at most 8192 bytes/);
});

test("text that is not UTF-8 is refused for its field, a file of the same bytes is not", () => {
  const part = (disposition: string) => [`--${boundary}`, disposition, "Content-Transfer-Encoding: base64", "", "/w=="];
  const field = part('Content-Disposition: form-data; name="a"');
  assert.throws(
    () => parse([...field, `--${boundary}--`]),
    (error) => error instanceof Refusal && error.fields?.["a"]?.length === 1,
  );
  const file = part('Content-Disposition: form-data; name="a"; filename="a"');
  assert.deepEqual(parse([...file, `--${boundary}--`]).upload("a")?.content, Buffer.from([0xff]));
});

test("more than 1,000 parts are refused", () => {
  const part = [`--${boundary}`, 'Content-Disposition: form-data; name="a"', "", "x"];
  const parts = Array.from({ length: 1_000 }, () => part).flat();
  assert.equal(parse([...parts, `--${boundary}--`]).all("a").length, 1_000);
  refusesWith([...parts, ...part, `--${boundary}--`], /at most 1000 parts/);
});

test("for any fields and files, encoded as Python does, they come back the same", () => {
  const text = fc.string({ unit: "binary", maxLength: 200 }).filter((text) => !text.includes("\0"));
  const name = fc.oneof(fc.constantFrom("name", "script", "__proto__"), fc.string({ unit: "binary" })).filter(isName);
  const upload = fc.record(
    {
      name,
      filename: name,
      contentType: fc.constantFrom("application/octet-stream", "application/x-sh"),
      content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.tuple(name, text), upload)), fc.boolean(), (parts, isEncoded) => {
      const body = parts.length === 0 ? pythonNothing() : pythonBody(parts, isEncoded);
      const parameters = parseBody(pythonType, body);
      assert.deepEqual(
        parameters.pairs,
        parts.filter((part) => Array.isArray(part)),
      );
      assert.deepEqual(
        parameters.uploads,
        parts.filter((part) => !Array.isArray(part)),
      );
    }),
  );
});

function isName(name: string): boolean {
  return !name.includes("\0") && name.length <= 256;
}

function pythonNothing(): Buffer {
  return Buffer.from(`--${boundary}\r\n\r\n--${boundary}--`);
}

/** As Python's email package prints it, or with the parts as they are, as Go does. */
function pythonBody(parts: readonly (readonly [string, string] | Upload)[], isEncoded: boolean): Buffer {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    const { name, filename, contentType, content } = "name" in part ? part : asField(part);
    const disposition = `form-data; ${parameter("name", name)}${filename === undefined ? "" : `; ${parameter("filename", filename)}`}`;
    const headers = [`Content-Type: ${contentType}`, "MIME-Version: 1.0", `Content-Disposition: ${disposition}`];
    if (isEncoded) headers.push("Content-Transfer-Encoding: base64");
    const encoded = content.toString("base64").replaceAll(/.{1,76}/g, "$&\r\n");
    chunks.push(Buffer.from(`--${boundary}\r\n${headers.join("\r\n")}\r\n\r\n`));
    chunks.push(isEncoded ? Buffer.from(encoded) : content, Buffer.from("\r\n"));
  }
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--`)]);
}

function asField([name, value]: readonly [string, string]): Omit<Upload, "filename"> & { filename: undefined } {
  return { name, filename: undefined, contentType: 'text/plain; charset="utf-8"', content: Buffer.from(value) };
}

function parameter(key: string, value: string): string {
  if (value === "") return key;
  if (/^[\x20-\x7e]*$/.test(value)) return `${key}="${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return `${key}*=utf-8''${encodeURIComponent(value).replaceAll("'", "%27")}`;
}
