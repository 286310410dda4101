import { moveLog, recordArrival, recordBackup } from "../../../src/backup/actions.ts";
import { createIdentity, renewIdentity } from "../../../src/transparency/signing/identity-actions.ts";
import { Findings } from "../../../src/transparency/verification/verification-report.ts";
import { recordVerifyFailure } from "../../../src/transparency/verification/verify-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { type ActionExample, example } from "./example.ts";
import { machine, now } from "../../support/worlds/database-world.ts";

const identity = { origin: "example.com/log", logKey: "example.com/log+1", cosignerKey: "example.com/log+2", now };
const report = (() => {
  const findings = new Findings();
  findings.size = 7;
  findings.fault(3, "its columns of 'actor' are not what was recorded");
  findings.gap(5, 6);
  return findings.report();
})();

/** What is done to the log itself: by the server, or by whoever may read its data. */
export const logActionExamples: Readonly<Record<string, ActionExample>> = {
  "transparency/createIdentity": example(createIdentity, () => [machine, identity]),
  "transparency/createIdentity (refused)": example(createIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { ...identity, origin: "example.com/other" }];
  }),
  "transparency/renewIdentity": example(renewIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { identity: { ...identity, origin: "example.com/other" }, lastCheckpoint: "a note" }];
  }),
  "transparency/recordVerifyFailure": example(recordVerifyFailure, () => [machine, report]),
  "backup/moveLog": example(moveLog, () => [machine, { file: "log.gz", now }]),
  "backup/recordBackup": example(recordBackup, () => [machine, { file: "backup.gz", now }]),
  "backup/recordArrival": example(recordArrival, () => [machine, { file: "log.gz", kind: "move" as const, events: 7 }]),
  "backup/recordArrival (restored)": example(recordArrival, () => [
    machine,
    { file: "backup.gz", kind: "backup" as const, events: 7 },
  ]),
};
