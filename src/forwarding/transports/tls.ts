import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext, getCACertificates, type ConnectionOptions } from "node:tls";
import { unbracketed } from "./safe-receiver.ts";

/** How a receiver is known over TLS, and how it knows this Ironlog. All in PEM. */
export interface ReceiverTls {
  /** The name in the receiver's certificate, where it isn't its host. */
  readonly serverName?: string | undefined;
  /** The authorities to trust instead of those that this machine trusts. */
  readonly ca?: string | undefined;
  /** A client certificate, and its private key. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Options of connections to that host. Throws where a certificate can't be read, or isn't the key's. */
export function tlsOptions(host: string, { serverName, ca, certificate, key }: ReceiverTls): ConnectionOptions {
  const name = serverName ?? unbracketed(host);
  return {
    // Made once: reading the authorities takes longer than a handshake.
    secureContext: context({ ca: ca ?? knownAuthorities(), cert: certificate, key }),
    // An address isn't sent as a name (RFC 6066, section 3).
    servername: isIP(name) === 0 ? name : "",
    checkServerIdentity: (_, shown) => checkServerIdentity(name, shown),
  };
}

function context(given: {
  readonly ca: string | string[];
  readonly cert: string | undefined;
  readonly key: string | undefined;
}): ConnectionOptions["secureContext"] {
  try {
    return createSecureContext({ ...given, minVersion: "TLSv1.2" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `ca, certificate and key can't be used (${reason}): give them in PEM, with the certificate's own key.`,
      {
        cause: error,
      },
    );
  }
}

function knownAuthorities(): string[] {
  return [...getCACertificates("default"), ...getCACertificates("system")];
}
