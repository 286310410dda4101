import { readFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { freshFolder } from "../databases/databases.ts";
import { hasProgram, run } from "../processes/command.ts";

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What TLS between Ironlog and a receiver needs. */
export interface TestCertificates {
  /** The authority that signed the server's and the client's. */
  readonly ca: string;
  /** For `localhost` alone. */
  readonly server: TestCertificate;
  readonly client: TestCertificate;
  /** By an authority that nobody knows. */
  readonly stranger: TestCertificate;
}

/** Makes certificates; undefined, and the test skips aloud, where this machine has no openssl. */
export async function makeCertificates(t: Pick<TestContext, "skip">): Promise<TestCertificates | undefined> {
  if (!(await hasProgram("openssl"))) {
    t.skip("there is no openssl to make certificates with");
    return undefined;
  }
  using fresh = freshFolder();
  const file = (name: string): string => path.join(fresh.folder, name);
  const make = async (name: string, args: readonly string[]): Promise<TestCertificate> => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file(`${name}.key`)];
    const made = await run("openssl", ["req", "-x509", ...key, "-days", "2", "-out", file(`${name}.pem`), ...args]);
    if (made.code !== 0) throw new Error(`openssl: ${made.stderr}`);
    return { certificate: readFileSync(file(`${name}.pem`), "utf8"), key: readFileSync(file(`${name}.key`), "utf8") };
  };
  const { certificate: ca } = await make("ca", ["-subj", "/CN=test authority"]);
  const byAuthority = ["-CA", file("ca.pem"), "-CAkey", file("ca.key")];
  const name = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  return {
    ca,
    server: await make("server", ["-subj", "/CN=localhost", ...name, ...byAuthority]),
    client: await make("client", [
      "-subj",
      "/CN=ironlog",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      ...byAuthority,
    ]),
    stranger: await make("stranger", ["-subj", "/CN=localhost", ...name]),
  };
}
