/** MAAS's API key: an OAuth consumer key, a token key and its secret. */
export interface ApiKey {
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly tokenSecret: string;
}

/** The key that `CONSUMER:TOKEN:SECRET` spells, or `undefined` where the text is none. */
export function parseApiKey(text: string): ApiKey | undefined {
  const [consumerKey, tokenKey, tokenSecret, ...rest] = text.split(":");
  if (!consumerKey || !tokenKey || !tokenSecret || rest.length > 0) return undefined;
  return { consumerKey, tokenKey, tokenSecret };
}

/** The key as people copy it. */
export function printApiKey(key: ApiKey): string {
  return `${key.consumerKey}:${key.tokenKey}:${key.tokenSecret}`;
}
