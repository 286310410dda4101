import assert from "node:assert/strict";
import { test } from "node:test";
import { columnNames, parseColumns, toggled, usualColumns } from "./column.ts";
import { layoutOf, narrowLayoutOf } from "./layout.ts";

test("the description comes first, then what tells rows apart", () => {
  assert.deepEqual(
    [120, 86, 70, 52, 40].map((rem) => layoutOf(usualColumns, rem).columns.join(" ")),
    [
      "time user type action description target node ip",
      "time user action description target node ip",
      "time user description target ip",
      "time user description",
      "time description",
    ],
  );
});

test("a description has what it wants before the others have more than they need", () => {
  assert.equal(layoutOf(["time", "user", "description"], 60).template, "1.25rem 11.5rem 8rem minmax(0, 1fr) 1.5rem");
  assert.equal(layoutOf(["time", "user", "description"], 52).template, "1.25rem 11.5rem 6rem minmax(0, 1fr) 1.5rem");
  assert.equal(layoutOf(["time", "ip"], 60).template, "1.25rem 11.5rem minmax(0, 1fr) 1.5rem");
});

test("something always shows, however little room there is", () => {
  for (const name of columnNames) assert.deepEqual(layoutOf([name], 5).columns, [name]);
  assert.deepEqual(narrowLayoutOf(["ip", "time"]).columns, ["time", "description"]);
});

test("a column is added where it belongs among the others, which keep their order", () => {
  assert.deepEqual(toggled(["ip", "time"], "user"), ["user", "ip", "time"]);
  assert.deepEqual(toggled(["time", "ip"], "key"), ["time", "ip", "key"]);
  assert.deepEqual(toggled(["time", "ip"], "time"), ["ip"]);
});

test("what a browser has kept is read as far as it makes sense", () => {
  assert.deepEqual(parseColumns("time,owner,ip,time"), ["time", "ip"]);
  assert.equal(parseColumns("x"), null);
  assert.equal(parseColumns(null), null);
});
