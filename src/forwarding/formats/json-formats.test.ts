import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { hostileFields } from "../../../test/support/formats/hostile-text.ts";
import {
  everySample,
  otherPrograms,
  rawEvent,
  sampleEvent,
  sampleFacts,
} from "../../../test/support/formats/sample-events.ts";
import { nativeEvent } from "../../events/rendering/native-event.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { cloudEvent } from "./cloud-event.ts";
import { ecsDocument } from "./ecs.ts";
import { fitRecord, nativeRecord } from "./native-json.ts";
import { ocsfEvent } from "./ocsf.ts";

const facts = sampleFacts;
const failed = sampleEvent({
  action: "auth.login.failure",
  outcome: "failure",
  description: "Login failed for 'ada'.",
  details: '{"reason":"bad password"}',
});
const leafHash = Buffer.from(failed.leaf_hash).toString("base64");

test("native JSON is the event as the API shows it, with the log's origin", () => {
  for (const row of everySample()) {
    assert.deepEqual(nativeRecord(row, facts), { ...nativeEvent(row), log_origin: "ironlog.example/audit" });
  }
});

test("a failed login as OCSF has it", () => {
  const { unmapped, ...event } = ocsfEvent(failed, facts, "1.8.0");
  assert.deepEqual(event, {
    category_uid: 3,
    class_uid: 3002,
    activity_id: 1,
    type_uid: 300201,
    severity_id: 2,
    status_id: 2,
    status: "Failure",
    status_detail: "bad password",
    time: 1517524098000,
    message: "Login failed for 'ada'.",
    metadata: {
      version: "1.8.0",
      product: { name: "Ironlog", vendor_name: "Ironlog", version: "1.0.0" },
      uid: "2570",
      event_code: "auth.login.failure",
      sequence: 2570,
      log_name: "ironlog.example/audit",
      log_provider: "ironlog",
      logged_time: 1517524098000,
      original_time: "2018-02-01T22:28:18.000123Z",
      correlation_uid: "4bf92f3577b34da6a3ce929d0e0e4736",
    },
    user: { name: "ada", uid: "7" },
    src_endpoint: { ip: "192.0.2.7" },
    http_request: { user_agent: "curl/8.5" },
    logon_type_id: 3,
    is_remote: true,
    session: { uid: "0011223344556677" },
    service: { name: "ironlog" },
  });
  assert.partialDeepStrictEqual(unmapped, {
    leaf_hash: leafHash,
    tree_index: 2569,
    log_origin: "ironlog.example/audit",
    details: { reason: "bad password" },
  });
});

test("the draft of OCSF 1.9 attests the record by its fingerprint, and names the leaf", () => {
  const event = ocsfEvent(failed, facts, "1.9.0-dev");
  const { attestation_list: list, ...rest } = event;
  const [{ fingerprint, ...attestation } = { fingerprint: undefined }] = list as readonly {
    readonly fingerprint: unknown;
  }[];
  const origin = "ironlog.example/audit";
  assert.deepEqual(attestation, { uid: leafHash, authority_uid: origin, chain_uid: origin });
  const text = canonicalJson({ ...rest, attestation_list: [attestation] });
  const value = createHash("sha256").update(text).digest("base64");
  assert.partialDeepStrictEqual(fingerprint, { algorithm_id: 3, encoding_id: 2, serialization_id: 2, value });
});

test("a privilege that is taken away is not one that is given", () => {
  const change = (name: string, isGiven: boolean) =>
    sampleEvent({
      action: "user.permission.change",
      target_kind: "user",
      target_id: "9",
      target_name: "bob",
      details: JSON.stringify({ [name]: { new: isGiven, old: !isGiven } }),
    });
  for (const version of ["1.8.0", "1.9.0-dev"] as const) {
    const [first, second] = version === "1.8.0" ? [300501, 300502] : [300714, 300715];
    const given = ocsfEvent(change("is_superuser", true), facts, version);
    const taken = ocsfEvent(change("is_auditor", false), facts, version);
    assert.deepEqual([given["type_uid"], given["privileges"]], [first, ["superuser"]]);
    assert.deepEqual([taken["type_uid"], taken["privileges"]], [second, ["auditor"]]);
    assert.deepEqual(given["user"], { uid: "9", name: "bob" });
  }
});

test("what others report is judged by its level and outcome", () => {
  const severities = otherPrograms()
    .filter(({ source }) => source === "external")
    .map((row) => ocsfEvent(row, facts, "1.8.0"))
    .map(({ class_uid: uid, severity_id: severity }) => [uid, severity]);
  assert.deepEqual(
    severities,
    // AUDIT, DEBUG, INFO, WARNING, ERROR, CRITICAL.
    [1, 1, 1, 3, 4, 5].map((severity) => [0, severity]),
  );
});

test("an account that is created as ECS has it", () => {
  const created = sampleEvent({
    action: "user.create",
    target_kind: "user",
    target_id: "9",
    target_name: "bob",
    description: "Created user 'bob'.",
  });
  assert.deepEqual(ecsDocument(created, facts), {
    "@timestamp": "2018-02-01T22:28:18.000123Z",
    ecs: { version: "9.4.0" },
    message: "Created user 'bob'.",
    event: {
      kind: "event",
      category: ["iam"],
      type: ["user", "creation"],
      action: "user.create",
      outcome: "success",
      id: "2570",
      code: "AUTHORISATION",
      created: "2018-02-01T22:28:18.000123Z",
      sequence: 2569,
      hash: Buffer.from(created.leaf_hash).toString("base64"),
      severity: 4,
      module: "ironlog",
      dataset: "ironlog.audit",
      provider: "ironlog",
    },
    user: { id: "7", name: "ada", target: { id: "9", name: "bob" } },
    source: { ip: "192.0.2.7", address: "192.0.2.7" },
    client: { ip: "192.0.2.7", address: "192.0.2.7" },
    user_agent: { original: "curl/8.5" },
    trace: { id: "4bf92f3577b34da6a3ce929d0e0e4736" },
    related: { user: ["ada", "bob"], ip: ["192.0.2.7"] },
    log: { level: "AUDIT" },
    observer: { vendor: "Ironlog", product: "Ironlog", version: "1.0.0", hostname: "audit.example" },
    ironlog: {
      log_origin: "ironlog.example/audit",
      leaf_hash: Buffer.from(created.leaf_hash).toString("base64"),
      endpoint: "API",
      session: "0011223344556677",
      target: { kind: "user", id: "9", name: "bob" },
    },
  });
});

test("a mirrored event says what its MAAS would show, and has no address that an index would refuse", () => {
  const mirrored = otherPrograms().find(({ source, level }) => source === "maas:west" && level === 0);
  assert.ok(mirrored);
  const document = ecsDocument(mirrored, facts);
  assert.equal(document["message"], "Logged in ada.");
  assert.deepEqual(document["source"], { ip: "fe80::1", address: "fe80::1%eth0" });
  assert.deepEqual(document["user"], { id: "3", name: "ada", domain: "west" });
  const mapped = ecsDocument(sampleEvent({ ip: "::ffff:192.0.2.9" }), facts);
  assert.deepEqual(mapped["source"], { ip: "192.0.2.9", address: "::ffff:192.0.2.9" });
});

test("an event as CloudEvents has it", () => {
  const { data, ...envelope } = cloudEvent(sampleEvent({ target_kind: "user", target_id: "a b" }), facts);
  assert.deepEqual(envelope, {
    specversion: "1.0",
    id: "2570",
    source: "ironlog.example/audit",
    type: "com.ironlog.auth.login",
    subject: "user/a%20b",
    time: "2018-02-01T22:28:18.000123Z",
    datacontenttype: "application/json",
    treeindex: "2569",
    leafhash: data.leaf_hash,
  });
  assert.equal(data.log_origin, "ironlog.example/audit");
  assert.equal(cloudEvent(sampleEvent(), { ...facts, origin: "log:8443/a b" }).source, "log%3A8443/a%20b");
});

test("a record that is too long says so, and still names the event", () => {
  const long = nativeRecord(sampleEvent({ description: "x".repeat(4096), details: '{"a":"y"}' }), facts);
  const cut = fitRecord(long, 2048);
  assert.partialDeepStrictEqual(cut, { cut: true, id: 2570, leaf_hash: long.leaf_hash, log_origin: facts.origin });
  assert.equal(cut.description, `${"x".repeat(1021)}…`);
  assert.equal(fitRecord(long, 100_000), long);
  assert.deepEqual(Object.keys(fitRecord(long, 400)).toSorted(), [
    "action",
    "created",
    "cut",
    "id",
    "leaf_hash",
    "log_origin",
    "outcome",
  ]);
});

test("for any text in its fields, each format in JSON is JSON that names the event, its leaf and the log", () => {
  const property = fc.property(hostileFields, (fields) => {
    const row = rawEvent(fields);
    const hash = Buffer.from(row.leaf_hash).toString("base64");
    const native = reread(nativeRecord(row, facts));
    assert.deepEqual([native["id"], native["leaf_hash"], native["log_origin"]], [2570, hash, facts.origin]);
    assert.equal(native["username"], row.username?.toWellFormed() ?? null);

    const ecs = reread(ecsDocument(row, facts));
    assert.partialDeepStrictEqual(ecs, { event: { id: "2570", hash }, ironlog: { log_origin: facts.origin } });
    for (const version of ["1.8.0", "1.9.0-dev"] as const) {
      const ocsf = reread(ocsfEvent(row, facts, version));
      assert.partialDeepStrictEqual(ocsf, {
        metadata: { uid: "2570", log_name: facts.origin },
        unmapped: { leaf_hash: hash },
      });
    }
    const envelope = cloudEvent(row, facts);
    assert.ok(Buffer.byteLength(JSON.stringify(envelope)) <= 65_536);
    assert.partialDeepStrictEqual(reread(envelope), {
      id: "2570",
      source: facts.origin,
      leafhash: hash,
      data: { id: 2570, leaf_hash: hash, log_origin: facts.origin },
    });
  });
  fc.assert(property, { numRuns: 200 });
});

/** As a receiver reads it, who takes UTF-8 alone. */
function reread(record: object): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(JSON.stringify(record));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  assert.ok(!/\\ud[89a-f]/i.test(text), "no half of a surrogate pair");
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
