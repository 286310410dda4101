/** Whether nothing came back from the provider, rather than something wrong. */
export function isAway(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // `fetch` says so of addresses that can't be reached; our own sentences have no cause.
  const isFetch = error instanceof TypeError && error.message === "fetch failed";
  return isFetch || code === "OAUTH_TIMEOUT" || code === "ERR_JWKS_TIMEOUT";
}

/** What went wrong in one line that can be shown: with its causes' sentences, without what came over the wire beyond some characters. */
export function shownCause(error: unknown): string {
  const sentences: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && sentences.length < 3;
    at = at instanceof Error ? at.cause : undefined
  ) {
    if (at instanceof Error) sentences.push("code" in at && at.message === "" ? String(at.code) : at.message);
    else if (typeof at === "string") sentences.push(at);
  }
  const text = [...new Set(sentences)].join(": ");
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 300);
}
