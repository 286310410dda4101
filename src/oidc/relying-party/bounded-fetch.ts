import { readBounded } from "../../http/read-bounded.ts";
import { isSafeAddress } from "../../http/safe-address.ts";

/** Metadata and keys of the largest providers have some tens of kB. */
const answerBytesMax = 512 * 1024;

/**
 * Asks a provider: over TLS or on this machine, without following it elsewhere, and reads no more than it may say. Throws a
 * `TypeError`, as `fetch` does for what can't be had.
 */
export async function boundedFetch(url: string, options: object): Promise<Response> {
  if (!URL.canParse(url) || !isSafeAddress(new URL(url))) throw new TypeError(`not asked without TLS: ${url}`);
  const response = await fetch(url, { ...options, redirect: "manual" });
  const { status, headers } = response;
  // A redirect isn't followed, and a Response without a body can't have one.
  const hasBody = ![101, 103, 204, 205, 304].includes(status);
  const body = await readBounded(
    response,
    answerBytesMax,
    () => new TypeError(`${url} answered more than ${answerBytesMax} bytes`),
  );
  return new Response(hasBody ? body : null, { status, headers });
}
