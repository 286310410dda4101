import type { Signing } from "../../../support/clients/maas-client.ts";
import type { WireRequest } from "../statements/wire.ts";

/** What somebody wants of MAAS's API, before a client has written it down. */
export interface MaasCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/MAAS/api/2.0/`. */
  readonly path: string;
  readonly op?: string;
  readonly parameters?: NamedParameters;
  /** Uploads by the name of their part. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

/** In the order in which they are sent; a list repeats its name. */
export type NamedParameters = Readonly<Record<string, string | readonly string[]>>;

/** One of the programs that speak MAAS's API, as far as the wire shows it. */
export interface Client {
  readonly name: string;
  /** The request as this client sends it, signed with a key where there is one. */
  request(call: MaasCall, apiKey: string | undefined, signing?: Signing): WireRequest;
}

export const apiRoot = "/MAAS/api/2.0/";

/** Every name with its value, repeats one by one. */
export function pairsOf(parameters: NamedParameters = {}): readonly (readonly [string, string])[] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : value.map((one) => [name, one] as const),
  );
}

/** As HTML forms are encoded: Python's `urlencode` and Go's `Values.Encode` agree on it. */
export function urlencoded(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map((pair) => pair.map(quotedPlus).join("=")).join("&");
}

function quotedPlus(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** The path below the API's root with a query, where there is one. */
export function target(path: string, query: string): string {
  return query === "" ? `${apiRoot}${path}` : `${apiRoot}${path}?${query}`;
}
