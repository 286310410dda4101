import type { ServedSlice, SliceContext } from "../slice.ts";
import { describeLog, logGauges } from "./log-state.ts";
import { transparencyOperations } from "./native-operations.ts";
import { openLogApi } from "./proofs/log-api.ts";
import { openSigner } from "./signing/open-signer.ts";
import { signerElsewhere } from "./signing/signer.ts";
import { BackgroundVerifier } from "./verification/background-verifier.ts";

/** The log's keys, proofs and verification in a server. */
export async function servedTransparency({ workers, server }: SliceContext): Promise<ServedSlice> {
  if (server === undefined) return { native: transparencyOperations({ signer: undefined, workers }) };
  const { db, config, machine, log, mainFile } = server;
  const warn = (error: unknown, sentence: string): void => log.error({ err: error }, sentence);
  const signer = await openSigner(db, { keyFile: config.logKeyFile, origin: config.logOrigin }, machine, warn);
  const { dataFolder, logKeyFile, childEnvironment: environment } = config;
  const defersTo = signer === undefined ? signerElsewhere.name : undefined;
  const verification = { db, dataFolder, logKeyFile, environment, mainFile, machine, warn, defersTo };
  const parts = { signer, workers };
  return {
    native: transparencyOperations(parts),
    workers: [signer?.worker ?? signerElsewhere, new BackgroundVerifier(verification).worker],
    gauges: logGauges(db, parts),
    describe: (isDetailed) => describeLog(db, parts, isDetailed),
    openRoutes: openLogApi,
  };
}
