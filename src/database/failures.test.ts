import assert from "node:assert/strict";
import { test } from "node:test";
import { databaseRefusal, failureKind } from "./failures.ts";

/** As node-postgres gives what PostgreSQL says. */
const told = (severity: string, code: string): Error => Object.assign(new Error("told"), { severity, code });

test("an error that ends the connection never says that nothing was changed by a full disk or a conflict", () => {
  for (const severity of ["FATAL", "PANIC"]) {
    for (const code of ["53100", "40001", "40P01", "XX000", "57P01"]) {
      assert.equal(failureKind(told(severity, code)), "away", `${severity} ${code}`);
    }
    assert.equal(failureKind(told(severity, "53300")), "overloaded");
  }
});

test("what a statement is refused for has its own code", () => {
  const codes = { "53100": "storage_full", "40001": "overloaded", "57014": "overloaded", "57P01": "database_away" };
  for (const [code, expected] of Object.entries(codes)) {
    assert.equal(databaseRefusal(told("ERROR", code))?.code, expected, code);
  }
  assert.equal(databaseRefusal(told("ERROR", "23505")), undefined);
});
