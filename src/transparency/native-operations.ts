import { readsAll } from "../audit/actor.ts";
import { Type } from "typebox";
import { lastEventId } from "../database/version-cache.ts";
import type { Progress } from "../following/worker.ts";
import type { FindEnd } from "../http/native/end-reason.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { parseCheckpoint } from "../verifiable-log/checkpoint.ts";
import { troubleNames } from "../slice.ts";
import { rfc3339Micros } from "../time.ts";
import { parseNote } from "../verifiable-log/signed-note.ts";
import { findIdentity, type StoredCheckpoint } from "./queries.ts";
import { evidenceOperation } from "./bundles/native-evidence-operation.ts";
import { proofOperation } from "./proofs/native-proof-operation.ts";
import { verifierName } from "./verdicts/background-verifier.ts";
import { judgeLog, type LogParts, newer } from "./log-state.ts";
import { listVerdicts, type RecordedVerdict } from "./verdicts/recorded-verdicts.ts";
import { type Fault, type Gap, layerNames, missingWords } from "./verification/verification-report.ts";
import { countFaults, isGood } from "./verdicts/verdict.ts";

const listedMax = 50;

const orNull = Type.Union([Type.String(), Type.Null()]);
const progressSchema = Type.Object({
  checked: Type.Integer({ description: "Events that have been checked." }),
  size: Type.Integer({ description: "Of so many." }),
});
const verificationSchema = Type.Object({
  id: Type.Union([Type.Integer(), Type.Null()], {
    description: "The event that tells of it; null of one that could not be recorded.",
  }),
  finished: Type.String({ format: "date-time" }),
  is_good: Type.Boolean({ description: "Whether it was done, and found nothing." }),
  is_as_recorded: Type.Boolean({
    description: "False where the event that tells of it is not what was recorded: nobody knows what it said.",
  }),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: "Why it could not be done; null if it was. In full for administrators.",
  }),
  duration_ms: Type.Integer(),
  size: Type.Integer({ description: "Events that the log had." }),
  integrity: Type.Enum(["intact", "damaged", "unknown"], {
    description: "Whether what is there is what was recorded.",
  }),
  completeness: Type.Enum(["complete", "incomplete", "unknown"], { description: "Whether all of it is there." }),
  layers: Type.Array(
    Type.Object({
      name: Type.Enum([...layerNames], {
        description:
          "`schema`: tables and guards. `events`: each row against its hash, and that none is missing. `tree`: hashes, checkpoints, keys. `state`: accounts, keys and settings against what events say of them. `appends`: who has left the end of the log.",
      }),
      verdict: Type.Enum(["ok", "failed", "unchecked"]),
      checked: Type.Union([Type.Integer(), Type.Null()], {
        description: "Events up to which it was checked; null where it has none, or was not checked to its end.",
      }),
      faults: Type.Integer(),
    }),
    { description: "What was found of each layer of the log." },
  ),
  fault_count: Type.Integer({ description: "Faults, and ranges of events that are missing." }),
  faults: Type.Array(
    Type.Object({
      layer: Type.Union([Type.Enum([...layerNames]), Type.Null()]),
      event: Type.Union([Type.Integer(), Type.Null()]),
      what: Type.String(),
    }),
    {
      description:
        "For administrators; empty for others. The first thousand faults and the first of each layer, then the ranges of events that are missing.",
    },
  ),
});
const checkpointSchema = Type.Object({
  size: Type.Integer({ description: "Events that it covers." }),
  root: Type.String({ description: "Base64 of the tree's root (RFC 6962)." }),
  signed: Type.String({ format: "date-time" }),
  note: Type.String({ description: "The signed checkpoint: C2SP tlog-checkpoint." }),
});

/** The log's state: its name and keys, its last checkpoint, its verifications. */
export function transparencyOperations(parts: LogParts, findEnd: FindEnd): readonly NativeOperation[] {
  const { signer, workers } = parts;
  return [
    proofOperation(parts),
    evidenceOperation(parts, findEnd),
    nativeOperation({
      path: "/log",
      method: "GET",
      id: "readLog",
      command: ["log", "status"],
      who: "user",
      alsoMirrored: true,
      scope: "events:read",
      summary: "The log itself",
      description: "Its name and keys, how long it is, what it last signed, and what the last full verification found.",
      answer: {
        status: 200,
        description: "The log as it is now.",
        schema: Type.Object({
          origin: orNull,
          log_key: orNull,
          cosigner_key: orNull,
          size: Type.Integer(),
          checkpoint: Type.Union([checkpointSchema, Type.Null()]),
          signing: Type.Object({
            is_signing: Type.Boolean({
              description: "Whether this server signs, or will when the one stops that does.",
            }),
            trouble: Type.Union([Type.String(), Type.Null()], { description: "Why it has stopped, if it has." }),
          }),
          troubles: Type.Array(
            Type.Object({
              name: Type.Enum([...troubleNames]),
              what: Type.Union([Type.String(), Type.Null()], { description: "For administrators; null for others." }),
            }),
            { description: "Why the server is degraded, as /readyz says; empty if it is ready." },
          ),
          verification: Type.Object({
            running: Type.Union([progressSchema, Type.Null()]),
            last: Type.Union([verificationSchema, Type.Null()]),
          }),
        }),
      },
      does: ({ query }) =>
        query(async ({ db, actor }) => {
          const seesAll = readsAll(actor.user);
          const identity = await findIdentity(db);
          // First: where none runs any more, the verdict of the one that ran is there.
          const running = await workers.progress(verifierName);
          const { checkpoint, verdict, troubles } = await judgeLog(db, parts);
          const body = {
            origin: identity?.origin ?? null,
            log_key: identity?.logKey ?? null,
            cosigner_key: identity?.cosignerKey ?? null,
            size: await lastEventId(db),
            checkpoint: shownCheckpoint(checkpoint),
            signing: {
              is_signing: signer !== undefined && signer.trouble === undefined,
              trouble: signer?.trouble ?? null,
            },
            verification: {
              running: shownProgress(running),
              last: verdict === undefined ? null : shown(verdict, seesAll),
            },
            troubles: troubles.map(({ name, what }) => ({ name, what: seesAll ? what : null })),
          };
          return { status: 200, body };
        }),
    }),
    nativeOperation({
      path: "/log/verifications",
      method: "GET",
      id: "listVerifications",
      command: ["log", "verifications"],
      who: "user",
      alsoMirrored: true,
      scope: "events:read",
      summary: "List verifications",
      answer: {
        status: 200,
        description: `The newest ${listedMax} full passes over the log, newest first.`,
        schema: Type.Object({ items: Type.Array(verificationSchema), newer: Type.Null(), older: Type.Null() }),
      },
      does: ({ query }) =>
        query(async ({ db, actor }) => {
          const passes = await listVerdicts(db, listedMax);
          const [newest, ...others] = passes;
          const first = newer(newest, parts.unrecorded);
          const all = first === newest ? passes : [first, newest, ...others];
          const items = all.filter((pass) => pass !== undefined).map((pass) => shown(pass, readsAll(actor.user)));
          return { status: 200, body: { items, newer: null, older: null } };
        }),
    }),
    nativeOperation({
      path: "/log/verifications",
      method: "POST",
      id: "startVerification",
      command: ["log", "verify"],
      who: "auditor",
      summary: "Verify the log now",
      description: "Starts a full pass in the background unless one runs already. GET /log tells how far it is.",
      answer: { status: 202, description: "How far the pass is.", schema: progressSchema },
      does: ({ query }) =>
        query(async () => {
          await workers.request(verifierName);
          return { status: 202, body: shownProgress(await workers.progress(verifierName)) ?? { checked: 0, size: 0 } };
        }),
    }),
  ];
}

function shownCheckpoint(newest: StoredCheckpoint | undefined) {
  if (newest === undefined) return null;
  const { size, root } = parseCheckpoint(parseNote(newest.note).text);
  return { size, root: root.toString("base64"), signed: rfc3339Micros(newest.signed), note: newest.note };
}

function shownProgress(progress: Progress | undefined) {
  return progress === undefined ? null : { checked: progress.done, size: progress.size };
}

/** Which events are wrong is nothing for whoever may not see them, nor are the names of files. */
function shown(verdict: RecordedVerdict, isAdministrator: boolean) {
  const { event, finished, isAsRecorded, reason, durationMs, size, integrity, completeness, layers, faults, gaps } =
    verdict;
  return {
    id: event,
    finished: rfc3339Micros(finished),
    is_good: isAsRecorded && isGood(verdict),
    is_as_recorded: isAsRecorded,
    reason: reason === null || isAdministrator ? reason : "the log could not be verified",
    duration_ms: durationMs,
    size,
    integrity,
    completeness,
    layers,
    fault_count: countFaults(verdict),
    faults: isAdministrator ? [...faults, ...gaps.map(missingFault)] : [],
  };
}

/** Events that are missing, as one of the faults. */
function missingFault(gap: Gap): Fault {
  return { layer: "events", event: null, what: missingWords(gap) };
}
