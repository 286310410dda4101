import { moveLog, recordArrival, recordBackup } from "../../src/moving/actions.ts";
import { createIdentity, renewIdentity } from "../../src/sealing/identity-actions.ts";
import { Findings } from "../../src/sealing/verification-report.ts";
import { recordVerifyFailure } from "../../src/sealing/verify-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import { type Example, example } from "./example.ts";
import { machine, now } from "./world.ts";

const identity = { origin: "example.com/log", logKey: "example.com/log+1", cosignerKey: "example.com/log+2", now };
const report = (() => {
  const findings = new Findings();
  findings.size = 7;
  findings.fault(3, "its columns of 'actor' are not what was recorded");
  findings.gap(5, 6);
  return findings.report();
})();

/** What is done to the log itself: by the server, or by whoever may read its data. */
export const logExamples: Readonly<Record<string, Example>> = {
  "sealing/createIdentity": example(createIdentity, () => [machine, identity]),
  "sealing/createIdentity (refused)": example(createIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { ...identity, origin: "example.com/other" }];
  }),
  "sealing/renewIdentity": example(renewIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { identity: { ...identity, origin: "example.com/other" }, lastCheckpoint: "a note" }];
  }),
  "sealing/recordVerifyFailure": example(recordVerifyFailure, () => [machine, report]),
  "moving/moveLog": example(moveLog, () => [machine, { file: "log.gz", now }]),
  "moving/recordBackup": example(recordBackup, () => [machine, { file: "backup.gz", now }]),
  "moving/recordArrival": example(recordArrival, () => [machine, { file: "log.gz", kind: "move" as const, events: 7 }]),
  "moving/recordArrival (restored)": example(recordArrival, () => [
    machine,
    { file: "backup.gz", kind: "backup" as const, events: 7 },
  ]),
};
