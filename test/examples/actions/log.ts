import { moveLog, recordArrival, recordBackup, recordGrant } from "../../../src/backup/actions.ts";
import { recordSearchFault } from "../../../src/search/serving/fault-actions.ts";
import { rotateSecrets } from "../../../src/secrets/actions.ts";
import { acceptHead, useAppendKey } from "../../../src/transparency/signing/append-actions.ts";
import { createIdentity, renewIdentity } from "../../../src/transparency/signing/identity-actions.ts";
import { recordSignResume, recordSignStop } from "../../../src/transparency/signing/sign-actions.ts";
import { unableVerdict, verdictOf } from "../../../src/transparency/verdicts/verdict.ts";
import { Findings } from "../../../src/transparency/verification/verification-report.ts";
import { recordOverrun, recordVerdict } from "../../../src/transparency/verdicts/verify-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { appendKeyFile } from "../../../src/database/writing/append-key-file.ts";
import { writeNamedKeys } from "../../../src/terminal/key-file.ts";
import { writeWhole } from "../../../src/terminal/whole-file.ts";
import { writerOf } from "../../../src/database/writing/writer.ts";
import { type ActionExample, example } from "./example.ts";
import { machine, now } from "../../support/worlds/database-world.ts";

const identity = { origin: "example.com/log", logKey: "example.com/log+1", cosignerKey: "example.com/log+2", now };
const report = (() => {
  const findings = new Findings();
  findings.size = 7;
  findings.in("events").fault(3, "its columns of 'actor' are not what was recorded");
  findings.gap(5, 6);
  return findings.report();
})();

/** What is done to the log itself: by the server, or by whoever may read its data. */
export const logActionExamples: Readonly<Record<string, ActionExample>> = {
  "transparency/acceptHead": example(acceptHead, () => [machine, { from: 1, to: 2, root: "", reason: "a test" }]),
  "transparency/useAppendKey": example(useAppendKey, ({ db }) => {
    const { keys } = writerOf(db);
    // The same in every database.
    const next = { id: "0123456789abcdef", secret: Buffer.alloc(32, 1) };
    writeWhole(keys.file, writeNamedKeys(appendKeyFile, [...keys.all(), next]), "replace");
    return [machine, { key: next.id, before: "none", keys }];
  }),
  "transparency/createIdentity": example(createIdentity, () => [machine, identity]),
  "transparency/createIdentity (refused)": example(createIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { ...identity, origin: "example.com/other" }];
  }),
  "transparency/renewIdentity": example(renewIdentity, async ({ db }) => {
    await perform(db, machine, createIdentity, identity);
    return [machine, { identity: { ...identity, origin: "example.com/other" }, lastCheckpoint: "a note" }];
  }),
  "transparency/recordVerdict": example(recordVerdict, () => [machine, { ...verdictOf(report, 1_234), finished: now }]),
  "transparency/recordVerdict (could not verify)": example(recordVerdict, () => [
    machine,
    { ...unableVerdict("no", 7), finished: now },
  ]),
  "search/recordSearchFault": example(recordSearchFault, () => [machine, { what: "database disk image is malformed" }]),
  "transparency/recordOverrun": example(recordOverrun, () => [machine, { hours: 24 }]),
  "transparency/recordSignStop": example(recordSignStop, () => [machine, { reason: "no key" }]),
  "transparency/recordSignStop (refused)": example(recordSignStop, async ({ db }) => {
    await perform(db, machine, recordSignStop, { reason: "no key" });
    return [machine, { reason: "no disk" }];
  }),
  "transparency/recordSignResume": example(recordSignResume, async ({ db }) => {
    await perform(db, machine, recordSignStop, { reason: "no key" });
    return [machine, undefined];
  }),
  "transparency/recordSignResume (refused)": example(recordSignResume, () => [machine, undefined]),
  "secrets/rotateSecrets": example(rotateSecrets, () => [
    machine,
    { key: "0123456789abcdef", secrets: [], unopened: 0 },
  ]),
  "backup/moveLog": example(moveLog, () => [machine, { file: "log.gz", now }]),
  "backup/recordGrant": example(recordGrant, () => [machine, { role: "serving", rights: { event: "insert select" } }]),
  "backup/recordBackup": example(recordBackup, () => [machine, { file: "backup.gz", now }]),
  "backup/recordArrival": example(recordArrival, () => [machine, { file: "log.gz", kind: "move" as const, events: 7 }]),
  "backup/recordArrival (taking over)": example(recordArrival, () => [
    machine,
    { file: "log.gz", kind: "backup" as const, events: 7, takesOver: true },
  ]),
  "backup/recordArrival (restored)": example(recordArrival, () => [
    machine,
    { file: "backup.gz", kind: "backup" as const, events: 7 },
  ]),
};
