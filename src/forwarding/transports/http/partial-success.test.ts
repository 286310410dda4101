import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOtlp } from "../../../../test/support/formats/otlp-messages.ts";
import { partialSuccessIn } from "./partial-success.ts";

const types = { json: "application/json", protobuf: "application/x-protobuf" } as const;

const answerTo = (body: Buffer, encoding: keyof typeof types) =>
  partialSuccessIn({ headers: { "content-type": types[encoding] }, body });

test("a receiver's answer says how many records it rejected, and why", () => {
  const partial = { rejectedLogRecords: "3", errorMessage: "too old: é" };
  const told = { rejected: 3, message: "too old: é" };
  assert.deepEqual(answerTo(encodeOtlp("Response", { partialSuccess: partial }), "protobuf"), told);
  for (const answer of [
    { partialSuccess: partial },
    { partialSuccess: { ...partial, rejectedLogRecords: 3 } },
    { partial_success: { rejected_log_records: "3", error_message: "too old: é" } },
  ]) {
    assert.deepEqual(answerTo(Buffer.from(JSON.stringify(answer)), "json"), told);
  }
});

test("an answer that says nothing means that all is well", () => {
  const well = { rejected: 0, message: "" };
  for (const text of ["", "{}", '{"partialSuccess":null}', '{"partialSuccess":{}}']) {
    assert.deepEqual(answerTo(Buffer.from(text), "json"), well);
  }
  for (const bytes of [Buffer.alloc(0), encodeOtlp("Response", { partialSuccess: {} })]) {
    assert.deepEqual(answerTo(bytes, "protobuf"), well);
  }
});

test("what is no answer of OTLP is told from one", () => {
  for (const text of ["<html>", "[]", "null", '{"partialSuccess":7}']) {
    assert.equal(answerTo(Buffer.from(text), "json"), undefined);
  }
  for (const bytes of [Buffer.from("<html>"), Buffer.from([0x0a, 0x05])]) {
    assert.equal(answerTo(bytes, "protobuf"), undefined);
  }
  const negative = { partialSuccess: { rejectedLogRecords: -1 } };
  assert.equal(answerTo(Buffer.from(JSON.stringify(negative)), "json")?.rejected, undefined);
  assert.equal(answerTo(encodeOtlp("Response", negative), "protobuf")?.rejected, undefined);
});
