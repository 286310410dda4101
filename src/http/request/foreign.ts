import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "../../refusal.ts";
import type { Caller, RequestFacts } from "../authentication/caller.ts";

/**
 * Whether a page of another site made a browser send this request, as far as the browser says so. Its own word comes first:
 * `Sec-Fetch-Site` knows the page's address where a proxy has changed the `Host`, and no page can set it.
 *
 * Known gap: over plain HTTP browsers don't send it, and a link from a page that hides its address says nothing at all.
 */
export function isFromForeignPage(headers: IncomingHttpHeaders, url: string | undefined): boolean {
  const site = headers["sec-fetch-site"];
  if (site === "cross-site") return true;
  // Typed or a bookmark, or the own pages.
  if (site === "none" || site === "same-origin") return false;
  const page = headers.origin ?? headers.referer;
  return page !== undefined && !isOwn(page, headers.host ?? "", url);
}

/**
 * Whether the request isn't its user's wish: nothing may be recorded of it, and no cookie set. A page elsewhere can't set the
 * header with an API key without being allowed to. In a form or an address it can: with a key of its own it would let a
 * browser act from its user's address.
 */
export function isForged({ isForeign, authorization }: RequestFacts, { credentials }: Caller): boolean {
  const hasKeyInHeader = credentials.kind === "token" && /^(?:OAuth|Bearer) /i.test(authorization ?? "");
  return isForeign && !hasKeyInHeader;
}

/** What such a request is told. */
export function foreignRequest(): Refusal {
  return new Refusal(
    "forbidden",
    "This request came from a page of another site. Go to this server's own pages, or use an API key. Behind a proxy, start the server with --url.",
  );
}

/** Without `--url` the scheme isn't known: a proxy with TLS may stand in front. */
function isOwn(page: string, host: string, url: string | undefined): boolean {
  if (!URL.canParse(page)) return false;
  const { protocol, origin, host: pageHost } = new URL(page);
  if (url !== undefined && new URL(url).host === pageHost) return origin === new URL(url).origin;
  const own = `${protocol}//${host}`;
  return (protocol === "http:" || protocol === "https:") && URL.canParse(own) && new URL(own).host === pageHost;
}
