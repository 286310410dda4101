import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { everySample, sampleEvent, sampleFacts } from "../../../test/support/formats/sample-events.ts";
import { openEcsSchema } from "../../../test/support/formats/ecs-schema.ts";
import { openOcsfSchema } from "../../../test/support/formats/ocsf-schema.ts";
import { ecsDocument } from "./ecs.ts";
import type { OcsfVersion } from "./mapping.ts";
import { ocsfEvent } from "./ocsf.ts";

// Checked against the official schemas, which are no part of this project: IRONLOG_TEST_SCHEMAS is a folder with `ocsf` (1.8.0) and
// `ecs` (`ecs_flat.yml`) in it, and with `ocsf-1.9.0-dev` if the draft is to be checked too.

function schemaFolder(name: string): { readonly folder: string; readonly skip: string | false } {
  const root = process.env["IRONLOG_TEST_SCHEMAS"];
  const folder = path.join(root ?? "", name);
  const skip =
    root === undefined
      ? "set IRONLOG_TEST_SCHEMAS to the folder of the official schemas"
      : existsSync(folder)
        ? false
        : `IRONLOG_TEST_SCHEMAS has no ${name}`;
  return { folder, skip };
}

const ocsfFolders: readonly (readonly [OcsfVersion, string])[] = [
  ["1.8.0", "ocsf"],
  ["1.9.0-dev", "ocsf-1.9.0-dev"],
];

for (const [version, name] of ocsfFolders) {
  const { folder, skip } = schemaFolder(name);
  test(`an event of each kind is one of OCSF ${version}`, { skip }, () => {
    const check = openOcsfSchema(folder);
    for (const row of everySample()) {
      assert.deepEqual(check(ocsfEvent(row, sampleFacts, version)), [], `${row.action} ${row.id}`);
    }
  });

  test(`the check against OCSF ${version} finds what is wrong`, { skip }, () => {
    const check = openOcsfSchema(folder);
    const good = ocsfEvent(sampleEvent(), sampleFacts, version);
    const { user: _user, ...userless } = good;
    assert.deepEqual(check(userless), ["event lacks user"]);
    assert.deepEqual(check({ ...good, colour: 1 }), ["event.colour is not in the schema"]);
    assert.deepEqual(check({ ...good, severity_id: 7 }), ["event.severity_id has no 7"]);
    assert.deepEqual(check({ ...good, time: "now" }), ["event.time is no timestamp_t"]);
    assert.deepEqual(check({ ...good, user: { type_id: 1 } }), ["event.user has none of account, name, uid"]);
    assert.deepEqual(check({ ...good, type_uid: 1 }), ["type_uid is 1"]);
    assert.match(check({ ...good, src_endpoint: { ip: "nowhere" } }).join(), /src_endpoint.ip is no ip_t/);
  });
}

const ecs = schemaFolder("ecs");

test("an event of each kind is a document of ECS", { skip: ecs.skip }, () => {
  const check = openEcsSchema(ecs.folder);
  for (const row of everySample()) {
    assert.deepEqual(check(ecsDocument(row, sampleFacts)), [], `${row.action} ${row.id}`);
  }
});

test("the check against ECS finds what is wrong", { skip: ecs.skip }, () => {
  const check = openEcsSchema(ecs.folder);
  const good = ecsDocument(sampleEvent(), sampleFacts);
  assert.deepEqual(check({ ...good, "@timestamp": undefined }), ["@timestamp is no date: undefined"]);
  assert.deepEqual(check({ ...good, colour: "red" }), ["colour is no field"]);
  assert.deepEqual(check({ ...good, event: { category: ["host"], type: ["creation"] } }), ["host can't be creation"]);
  assert.deepEqual(check({ ...good, source: { ip: "fe80::1%eth0" } }), ["source.ip is no ip: fe80::1%eth0"]);
});
