import { findErrorCode } from "../../terminal/exit.ts";
import { UnsafeReceiver } from "./safe-receiver.ts";

/** A host and a port as people write them. */
export function shownPlace(host: string, port: number): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What to tell people of a receiver that can't be reached, or that broke off: what happened, where, and the mend. */
export function connectionFailure(error: unknown, place: string): Error {
  if (error instanceof UnsafeReceiver) return error;
  const cause = rootOf(error);
  return new Error(sentence(findErrorCode(cause) ?? "", reasonOf(cause), place), { cause: error });
}

function sentence(code: string, reason: string, place: string): string {
  if (untrusted.test(reason)) {
    return `The certificate of ${place} isn't trusted (${reason}): give the certificate of its authority as ca.`;
  }
  const known = sentences[code];
  if (known !== undefined) return known.replaceAll("PLACE", () => place);
  if (reason.includes("does not match certificate's altnames")) {
    return `The certificate of ${place} is for another name (${reason}): connect by that name, or give it as server_name.`;
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return `${place} ended the TLS connection (${reason}): does it want another client certificate?`;
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return `${place} doesn't speak TLS as it should (${reason}): is this the port for TLS?`;
  }
  if (code.startsWith("HPE_")) return `${place} answered something that isn't HTTP: is this the right port?`;
  // Node repeats the address of the proxy, which may hold a password.
  const said = reason.replace(/^Failed to establish tunnel to \S+ via \S+: /, "it answered ");
  if (code.startsWith("ERR_PROXY_")) return `The proxy doesn't lead to ${place}: ${said}.`;
  return `The connection to ${place} failed: ${reason}.`;
}

/** By OpenSSL's words: who speaks SMTP for us has other codes. */
const untrusted = /^(?:self-signed certificate|unable to get (?:local )?issuer certificate|unable to verify the first)/;

const noAddress = "No address is known for the host of PLACE: check the name.";
const noCertificate = "PLACE wants a client certificate: give certificate and key.";
const unreachable = "PLACE can't be reached: check the address, and the firewalls on the way.";

/** By error code; `PLACE` stands for the receiver's. */
const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused by PLACE: is the receiver running, and is this its port?",
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: "PLACE broke the connection off before it acknowledged what was sent.",
  EPIPE: "PLACE broke the connection off before it acknowledged what was sent.",
  CERT_HAS_EXPIRED: "The certificate of PLACE has expired: the receiver needs a new one.",
  CERT_NOT_YET_VALID: "The certificate of PLACE isn't valid yet: compare the clocks of both machines.",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: noCertificate,
};

/** Node tries each address of a host, and gathers what went wrong. */
function rootOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/** The message without Node's advice to programmers, and without OpenSSL's place in its source. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.split(";")[0] ?? message;
}
