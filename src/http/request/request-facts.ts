import type { FastifyRequest } from "fastify";
import { parseCookies, type RequestFacts } from "../authentication/caller.ts";
import { isFromForeignPage } from "./foreign.ts";
import { type ClientAddress, clientAddress, type TrustedHeader, type TrustedProxies } from "./client-address.ts";
import type { KnownHosts } from "./host.ts";
import type { Parameters } from "../maas/parameters/parameters.ts";
import { headerText } from "./text.ts";
import { nowMicros } from "../../time.ts";

/** Browsers send some 150 characters. */
const userAgentLengthMax = 500;

/** How this server is reached: what its own configuration says, before what a request says. */
export interface Site {
  /** Scheme, host and base path as given with `--url`, without a slash at the end. */
  readonly url: string | undefined;
  /** What stands before every path in that; empty mostly. */
  readonly basePath: string;
  readonly isTls: boolean;
  readonly trustedProxies: TrustedProxies;
  readonly trustedHeader: TrustedHeader;
  readonly hosts: KnownHosts;
}

/** Path and query of a request, as they were sent. */
export function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

/** Names the mirrored source whose key is sent, where the path doesn't. */
export const sourceHeader = "x-ironlog-source";

/** People of a mirrored MAAS have something to ask of the two APIs alone: to any other address their keys are nobody's. */
function sourceOf({ url, headers }: FastifyRequest): string | null | undefined {
  const { path } = splitUrl(url);
  if (!path.startsWith("/MAAS/") && !path.startsWith("/api/")) return null;
  return splitSource(path).source ?? oneHeader(headers[sourceHeader]);
}

/** MAAS's path without `at/NAME/`, which names the mirrored source whose keys are meant. */
export function splitSource(path: string): { readonly path: string; readonly source: string | undefined } {
  const [, source, rest = ""] = /^\/MAAS\/at\/([a-z0-9-]{1,40})(?:\/(.*))?$/s.exec(path) ?? [];
  return source === undefined ? { path, source } : { path: `/MAAS/${rest}`, source };
}

/** A path as it may be shown and logged: where somebody put a whole API key into it, without the secret. */
export function shownPath(path: string): string {
  return path.replace(/([^/:]+(?::|%3a)[^/:]+(?::|%3a))[^/]+/gi, "$1********");
}

/** Where a request came from, as far as the header is believed that trusted proxies write. */
export function addressOf({ raw, headers }: FastifyRequest, { trustedProxies, trustedHeader }: Site): ClientAddress {
  return clientAddress(raw.socket.remoteAddress, oneHeader(headers[trustedHeader]), trustedProxies, trustedHeader);
}

/** What of a request tells who sent it. `form` is empty where the body holds no parameters. */
export function requestFacts(request: FastifyRequest, query: Parameters, form: Parameters, site: Site): RequestFacts {
  const { headers } = request;
  const { ip, forwarded } = addressOf(request, site);
  return {
    method: request.method,
    authorization: headers.authorization,
    cookies: parseCookies(headers.cookie),
    csrfToken: oneHeader(headers["x-csrftoken"]) ?? form.last("csrfmiddlewaretoken"),
    query,
    form,
    ip,
    forwarded,
    userAgent: headerText(headers["user-agent"] ?? "", userAgentLengthMax),
    isForeign: isFromForeignPage(headers, site.url),
    traceId: request.id,
    source: sourceOf(request),
    now: nowMicros(),
  };
}

/** Scheme, host and base path under which the caller knows this server, without a slash at the end. */
export function baseUrl(request: FastifyRequest, site: Site): string {
  if (site.url !== undefined) return site.url;
  const host = request.headers.host ?? "localhost";
  // A host that is none would end up in documents that others read.
  const isPlausible = /^[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/.test(host);
  return `${site.isTls ? "https" : "http"}://${isPlausible ? host : "localhost"}`;
}

/** True if cookies may travel over TLS only. */
export function isSecure(site: Site): boolean {
  return site.url === undefined ? site.isTls : site.url.startsWith("https:");
}

export function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.join(",");
}
