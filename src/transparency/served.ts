import type { OpenDatabase } from "../database/database.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { describeLog, describeUnrecorded, logGauges } from "./describe-log.ts";
import { judgeLog } from "./log-state.ts";
import { transparencyOperations } from "./native-operations.ts";
import { openLogApi } from "./proofs/log-api.ts";
import { findSetBack } from "./signing/authentic-tree.ts";
import { openSigner } from "./signing/open-signer.ts";
import { signerElsewhere, type SignerParts } from "./signing/signer.ts";
import { signingEvents } from "./signing/signing-events.ts";
import { BackgroundVerifier } from "./verdicts/background-verifier.ts";
import { UnrecordedVerdict } from "./verdicts/unrecorded-verdict.ts";

/** From here on what this server has seen last is what the log is, unless an older state of it came back. */
async function followLog({ db, appendKeys }: OpenDatabase, warn: SignerParts["warn"]): Promise<void> {
  const setBack = await findSetBack(db, appendKeys);
  if (setBack === undefined) appendKeys.follow();
  else warn(new Error(setBack), "the log was set back: see ironlog log accept-head");
}

/** The log's keys, proofs and verification in a server. */
export async function servedTransparency({ workers, findEnd, server }: SliceContext): Promise<ServedSlice> {
  if (server === undefined) {
    return {
      native: transparencyOperations(
        { signer: undefined, workers, appendKeys: undefined, unrecorded: undefined },
        findEnd,
      ),
    };
  }
  const { db, database, config, machine, log, mainFile } = server;
  const warn = (error: unknown, sentence: string): void => log.error({ err: error }, sentence);
  await followLog(server.database, warn);
  const signing = { keyFile: config.logKeyFile, appendKeys: database.appendKeys, origin: config.logOrigin };
  const signer = await openSigner(db, signing, machine, warn);
  const { dataFolder, logKeyFile, childEnvironment: environment } = config;
  const unrecorded = new UnrecordedVerdict(dataFolder);
  const verifier = new BackgroundVerifier({
    db,
    program: { mainFile, dataFolder, logKeyFile, appendKeyFile: config.database.appendKeyFile, environment },
    unrecorded,
    machine,
    warn,
    isShared: database.leases !== undefined,
    defersTo: signer === undefined ? signerElsewhere.name : undefined,
  });
  const parts = { signer, workers, appendKeys: database.appendKeys, unrecorded };
  return {
    native: transparencyOperations(parts, findEnd),
    workers: [
      signer?.worker ?? signerElsewhere,
      ...(signer === undefined ? [] : [signingEvents(db, signer, machine)]),
      verifier.worker,
    ],
    gauges: logGauges(db, parts),
    async judge() {
      const state = await judgeLog(db, parts);
      return { troubles: state.troubles, describe: (isDetailed) => describeLog(parts, state, isDetailed) };
    },
    describeAlone: () => describeUnrecorded(parts),
    openRoutes: openLogApi,
  };
}
