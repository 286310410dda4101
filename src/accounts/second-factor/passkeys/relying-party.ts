import { isIP } from "node:net";
import { invalidField } from "../../../refusal.ts";

/** What a browser ties passkeys to (WebAuthn, "relying party"): the host name, and the origins of pages there. */
export interface RelyingParty {
  readonly id: string;
  readonly origins: readonly string[];
}

/**
 * That of the address by which the caller knows this server; undefined for an IP address, to which browsers tie no passkeys.
 *
 * Both schemes will do: a proxy may speak TLS for this server, and a browser has no passkeys where neither TLS nor this machine is.
 */
export function findRelyingParty(baseUrl: string): RelyingParty | undefined {
  const { hostname, host } = new URL(baseUrl);
  if (hostname.startsWith("[") || isIP(hostname) !== 0) return undefined;
  return { id: hostname, origins: [`https://${host}`, `http://${host}`] };
}

/** The same where a passkey is to be added. Refuses an IP address. */
export function getRelyingParty(baseUrl: string): RelyingParty {
  const found = findRelyingParty(baseUrl);
  if (found !== undefined) return found;
  throw invalidField("passkey", "Passkeys need a host name: open this server by its name, not by its IP address.");
}
