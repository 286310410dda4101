import { commandName } from "../command-name.ts";
import { CommandFailure, exitStatus, findErrorCode } from "../../terminal/exit.ts";
import type { Server } from "./server.ts";

/** What to tell people of a server that gave no answer: what happened, at which URL, and what they can do. */
export function unreachable(error: unknown, server: Server): CommandFailure {
  const { url } = server;
  const { message, status = exitStatus.refused } = diagnose(rootOf(error), server);
  return new CommandFailure(
    status,
    message.replaceAll("URL", () => url),
    { cause: error },
  );
}

interface Diagnosis {
  /** `URL` in it stands for the server's. */
  readonly message: string;
  readonly status?: number;
}

/** What goes wrong on the way to a proxy, or in it. Of the server behind it nothing is known then. */
const proxyFailure =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|HPE_\w+|ERR_PROXY_\w+)$/;

function diagnose(error: unknown, { url, profileName, proxy }: Server): Diagnosis {
  const code = findErrorCode(error) ?? "";
  if (proxy !== undefined && proxyFailure.test(code)) {
    return {
      message: `The proxy ${proxy.shown}, which ${proxy.name} names, did not lead to URL: ${reasonOf(error)}. If the server can be reached without it, name its host in no_proxy.`,
    };
  }
  const elsewhere = `If it is elsewhere now: ${commandName} login ${profileName} NEW-ADDRESS`;
  if (code === "ECONNREFUSED") {
    return {
      message: `Cannot reach URL: nothing answers at that address and port. Is the server running? ${elsewhere}`,
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return { message: `Cannot reach URL: no address is known for the host '${new URL(url).hostname}'. ${elsewhere}` };
  }
  if (isDistrust(code)) {
    return {
      status: exitStatus.gaveUp,
      message: `The certificate of URL cannot be trusted: ${reasonOf(error)}. To trust its authority: ${commandName} login --cacerts FILE ${profileName} URL; to take any certificate, once: --insecure (-k)`,
    };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return {
      status: exitStatus.gaveUp,
      message: `No secure connection to URL: ${reasonOf(error)}. Does the server speak https there?`,
    };
  }
  if (code.startsWith("HPE_")) {
    return { message: `What URL answered is not HTTP. Does the server speak https there? ${elsewhere}` };
  }
  if (code === "ECONNRESET") {
    return {
      message: `URL ended the connection before its answer was complete. Is it an Ironlog or MAAS server? ${elsewhere}`,
    };
  }
  return { message: `Cannot reach URL: ${reasonOf(error)}. ${elsewhere}` };
}

/** Whether a certificate was not trusted: OpenSSL's names for the reasons, and Node's one for a name that differs. */
function isDistrust(code: string): boolean {
  return /CERT|SIGNATURE|_CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH/.test(code);
}

/** Node tries each address of a host, and gathers what went wrong. */
function rootOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/** The message up to the advice that Node adds for programmers, and without OpenSSL's place in its source. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const openSsl = /:SSL routines:[^:]*:([^:]+):/.exec(message);
  return openSsl?.[1] ?? message.split(";")[0] ?? message;
}

/** Whether the certificate's authority is unknown here, though the system's own store may know it. */
export function isUnknownAuthority(error: unknown): boolean {
  return [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
  ].includes(findErrorCode(error) ?? "");
}
