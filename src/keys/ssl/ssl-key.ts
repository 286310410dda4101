import { X509Certificate } from "node:crypto";
import { invalidField } from "../../refusal.ts";
import { rfc3339Micros } from "../../time.ts";

/** A certificate that its owner may use. Times are microseconds since 1970 UTC. */
export interface SslKey {
  readonly id: number;
  readonly userId: number;
  /** PEM, as it was given. */
  readonly key: string;
  readonly subject: string;
  /** SHA-256 of the certificate, in hexadecimal pairs. */
  readonly fingerprint: string;
  /** When it stops being valid. */
  readonly expires: number;
  readonly created: number;
}

/** A certificate that was found to be one. */
export type ParsedSslKey = Pick<SslKey, "key" | "subject" | "fingerprint" | "expires">;

const keyLengthMax = 65_536;

/**
 * Reads an X.509 certificate in PEM. The text is kept untrimmed, as MAAS does. Refuses with MAAS's sentence, under `key`;
 * a private key is refused as well, since it would be kept in clear.
 */
export function parseSslKey(text: string): ParsedSslKey {
  if (text.trim() === "") throw invalidField("key", "This field is required.");
  if (text.includes("PRIVATE KEY")) {
    throw invalidField("key", "Invalid SSL key. This holds a private key: send the certificate alone.");
  }
  const certificate = text.length > keyLengthMax ? undefined : findCertificate(text);
  if (certificate === undefined) throw invalidField("key", "Invalid SSL key.");
  return {
    key: text,
    // One line: node prints a line for each part of the name.
    subject: (certificate.subject ?? "").split("\n").join(", "),
    fingerprint: certificate.fingerprint256,
    // What the database's numbers can hold. What is shown comes from the certificate.
    expires: Math.min(certificate.validToDate.getTime() * 1000, Number.MAX_SAFE_INTEGER),
  };
}

/** When a certificate that was kept stops being valid, as RFC 3339 has it: also where that is beyond the database's numbers. */
export function shownExpiry({ key, expires }: Pick<SslKey, "key" | "expires">): string {
  if (expires < Number.MAX_SAFE_INTEGER) return rfc3339Micros(expires);
  const end = findCertificate(key)?.validToDate.toISOString();
  return end?.replace(/\.(\d{3})Z$/, ".$1000Z") ?? rfc3339Micros(expires);
}

/** The labels that OpenSSL reads certificates under. The last one has what is trusted behind the certificate itself. */
const form = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----([A-Za-z0-9+/=\s]*)-----END \1-----/;

function findCertificate(text: string): X509Certificate | undefined {
  const [, label, base64 = ""] = form.exec(text) ?? [];
  if (label === undefined) return undefined;
  try {
    return new X509Certificate(label === "CERTIFICATE" ? text : Buffer.from(base64, "base64"));
  } catch {
    return undefined;
  }
}
