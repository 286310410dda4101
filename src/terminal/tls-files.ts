import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { Refusal } from "../refusal.ts";
import { readSecretFile } from "./secret-file.ts";

/** A certificate with its private key, both PEM, and the files that they were read from. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
  readonly files: readonly [certificate: string, key: string];
}

/** Reads a certificate and its key. Refuses (`invalid`) where one can't be read or they don't belong together. */
export function readTls(...files: Tls["files"]): Tls {
  const [certificateFile, keyFile] = files;
  const tls = {
    certificate: readPem("--tls-cert", certificateFile, (file) => readFileSync(file, "utf8")),
    key: readPem("--tls-key", keyFile, readSecretFile),
    files,
  };
  try {
    createSecureContext({ cert: tls.certificate, key: tls.key });
    return tls;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `--tls-cert and --tls-key: these are no certificate and its key in PEM (${reason}).`, {
      cause: error,
    });
  }
}

function readPem(flag: string, file: string, read: (file: string) => string): string {
  try {
    return read(file);
  } catch (error) {
    throw new Refusal(
      "invalid",
      `${flag}: cannot read ${file} (${String(error instanceof Error ? error.message : error)}).`,
      {
        fields: { [flag]: [`cannot read ${file}`] },
        cause: error,
      },
    );
  }
}
