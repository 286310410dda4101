import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidField } from "../page/forms/invalid-field.ts";
import { changesOf, emptyValues, valuesOf } from "./destination-values.ts";
import type { Destination } from "./destination.ts";

const known: Destination = {
  name: "siem",
  transport: "elasticsearch",
  format: "ecs",
  url: "https://elastic:9200",
  index: "audit",
  username: "ironlog",
  client_certificate: "PEM",
  has_token: false,
  has_password: true,
  has_signing_key: false,
  has_client_key: true,
  filter: ["action:auth.*"],
  exclude: [],
  is_enabled: true,
  paused: null,
  state: "delivering",
  last_error: null,
  failing_since: null,
  delivered_to: 1,
  behind: 0,
  behind_seconds: null,
  delivered: 1,
  delivered_at: null,
  delivered_last_minute: 0,
  dead_letters: 0,
  receipt: null,
  receipt_at: null,
  created: "2026-01-01T00:00:00Z",
  updated: "2026-01-01T00:00:00Z",
};

test("of a new destination only what was typed is given, by its type", () => {
  const before = emptyValues("syslog");
  const typed = { ...before, url: " udp://siem:514 ", facility: "4", filter: "user:ada -outcome:success" };
  assert.deepEqual(changesOf("syslog", typed, before), {
    url: "udp://siem:514",
    facility: 4,
    filter: ["owner:ada"],
    exclude: ["outcome:success"],
  });
});

test("of a known destination only what was changed is given", () => {
  const before = valuesOf(known);
  assert.deepEqual(changesOf("elasticsearch", before, before), {});
  assert.equal(before.filter, "action:auth.*");
  assert.deepEqual(changesOf("elasticsearch", { ...before, index: "other", format: "json" }, before), {
    index: "other",
    format: "json",
  });
});

test("a secret goes with what it belongs to, or when it is told to", () => {
  const before = valuesOf(known);
  assert.deepEqual(changesOf("elasticsearch", { ...before, username: "", client_certificate: "" }, before), {
    username: "",
    password: "",
    client_certificate: "",
    client_key: "",
  });
  assert.deepEqual(changesOf("elasticsearch", { ...before, removed: ["token"] }, before), { token: "" });
  assert.deepEqual(changesOf("elasticsearch", { ...before, removed: ["token"], token: "new" }, before), {
    token: "new",
  });
});

test("a number that is emptied becomes what the server takes without one, and files are counted in MiB", () => {
  const file = { ...known, transport: "file", format: "json", rotate_bytes: 209_715_200, rotate_hours: 12 } as const;
  const before = valuesOf(file);
  assert.equal(before.rotate_bytes, "200");
  assert.deepEqual(changesOf("file", { ...before, rotate_bytes: "1.5", rotate_hours: "" }, before), {
    rotate_bytes: 1_572_864,
    rotate_hours: 24,
  });
  const udp = { ...emptyValues("syslog"), url: "udp://siem:514" };
  const limited = { ...udp, record_limit: "1000" };
  assert.deepEqual(changesOf("syslog", udp, limited), { record_limit: 2_048 });
  assert.throws(() => changesOf("syslog", { ...udp, facility: "audit" }, udp), InvalidField);
});
