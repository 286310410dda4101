import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import path from "node:path";

/** A key that releases are signed with. */
export interface Signer {
  /** The name of the signature, beside the file that it signs. */
  readonly file: string;
  /** Signs the file, asks for the key's password where it has one, and verifies the signature. Gives its name. */
  sign(signed: string, comment: string): string;
}

/** Takes a secret key of minisign, or an SSH key: the private one, or the public one of a key that an agent holds. */
export function findSigner(key: string): Signer {
  const text = fs.readFileSync(key, "utf8");
  if (text.startsWith("untrusted comment:")) return minisign(key);
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----|^(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-\S+ /.test(text)) return ssh(key);
  throw new Error(`${key} is neither a secret key of minisign nor an SSH key.`);
}

function minisign(key: string): Signer {
  const file = "SHA256SUMS.minisig";
  return {
    file,
    sign(signed, comment) {
      const signature = path.join(path.dirname(signed), file);
      run("minisign", ["-S", "-s", key, "-m", signed, "-x", signature, "-t", comment]);
      // Whoever has the secret key has the public one in it: minisign writes it to a file.
      const publicKey = `${signature}.pub`;
      try {
        run("minisign", ["-R", "-f", "-s", key, "-p", publicKey]);
        run("minisign", ["-V", "-q", "-p", publicKey, "-m", signed, "-x", signature]);
      } finally {
        fs.rmSync(publicKey, { force: true });
      }
      return file;
    },
  };
}

/** What a signature is for: one for a mail or a commit doesn't do for a file. */
const namespace = "file";

function ssh(key: string): Signer {
  const file = "SHA256SUMS.sig";
  return {
    file,
    sign(signed) {
      const signature = path.join(path.dirname(signed), file);
      fs.rmSync(signature, { force: true });
      run("ssh-keygen", ["-Y", "sign", "-q", "-f", key, "-n", namespace, signed]);
      run("ssh-keygen", ["-Y", "check-novalidate", "-n", namespace, "-s", signature], fs.readFileSync(signed));
      return file;
    },
  };
}

/** Its questions and answers are shown; its output isn't. */
function run(program: string, args: readonly string[], input?: Buffer): void {
  try {
    execFileSync(program, args, { stdio: [input === undefined ? "inherit" : "pipe", "ignore", "inherit"], input });
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new Error(isMissing ? `${program} is missing: install it.` : `${program} could not sign or verify.`, {
      cause: error,
    });
  }
}
