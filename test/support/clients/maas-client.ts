import { randomInt, randomUUID } from "node:crypto";
import { type Answer, type Ask, send } from "./http-client.ts";

/** Anything with an address. */
export interface Place {
  readonly url: string;
}

/** How each of MAAS's clients writes its `Authorization` header (docs/contract.md, 1.2). */
export const headerShapes = ["cli", "libmaas", "gomaasapi", "curl"] as const;
export type HeaderShape = (typeof headerShapes)[number];

export interface Signing {
  readonly shape?: HeaderShape;
  readonly nonce?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  readonly method?: string;
  readonly version?: string;
  /** Instead of `&SECRET`. */
  readonly signature?: string;
}

/** The OAuth 1.0 PLAINTEXT parameters for an API key, `CK:TK:TS`: a header, a query or a form may hold them. */
export function oauthParameters(apiKey: string, signing: Signing = {}): readonly (readonly [string, string])[] {
  const [consumerKey = "", tokenKey = "", secret = ""] = apiKey.split(":");
  return [
    ["oauth_nonce", signing.nonce ?? freshNonce(signing.shape ?? "cli")],
    ["oauth_timestamp", String(signing.timestamp ?? Math.floor(Date.now() / 1000))],
    ["oauth_version", signing.version ?? "1.0"],
    ["oauth_signature_method", signing.method ?? "PLAINTEXT"],
    ["oauth_consumer_key", consumerKey],
    ["oauth_token", tokenKey],
    ["oauth_signature", signing.signature ?? `&${secret}`],
  ];
}

/** The same as a header. */
export function oauthHeader(apiKey: string, signing: Signing = {}): string {
  const shape = signing.shape ?? "cli";
  const parts = oauthParameters(apiKey, signing);
  const quoted = parts.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`);
  if (shape === "cli") return `OAuth ${quoted.join(", ")}`;
  if (shape === "libmaas") return `OAuth realm="OAuth", ${quoted.join(", ")}`;
  if (shape === "curl") return `OAuth ${parts.map(([name, value]) => `${name}=${value}`).join(", ")}`;
  const goParts = [...parts.map(([name, value]) => `${name}="${goEscape(value)}"`), 'realm="MAAS+API"'];
  return `OAuth ${shuffled(goParts).join(", ")}`;
}

function freshNonce(shape: HeaderShape): string {
  if (shape === "curl") return randomUUID();
  if (shape === "gomaasapi") return randomUUID().replaceAll("-", "");
  return `${randomInt(1_000_000_000, 9_999_999_999)}${randomInt(1_000_000_000, 9_999_999_999)}`;
}

/** Go's url.QueryEscape. */
function goEscape(value: string): string {
  return encodeURIComponent(value).replaceAll("%20", "+");
}

/** Go iterates maps in random order. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** What a request carries; a list so that names can be repeated and the order is kept. */
export type ParameterPairs = readonly (readonly [string, string])[];

export function encode(parameters: ParameterPairs): string {
  return new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
}

/** A body as MAAS's Python clients send it: every part in base64 with a header of its own (docs/contract.md, 2.2). */
export function multipart(
  parameters: ParameterPairs,
  files: readonly (readonly [string, Buffer])[] = [],
): { readonly body: string; readonly type: string } {
  const boundary = `===============${randomInt(1_000_000_000, 9_999_999_999)}==`;
  const base64 = (bytes: Buffer): string => `${(bytes.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n")}\r\n`;
  const parts = [
    ...parameters.map(
      ([name, value]) =>
        `Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="${name}"\r\nMIME-Version: 1.0\r\n` +
        `Content-Type: text/plain; charset="utf-8"\r\n\r\n${base64(Buffer.from(value))}`,
    ),
    ...files.map(
      ([name, bytes]) =>
        `Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
        `MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n\r\n${base64(bytes)}`,
    ),
  ];
  const body =
    parts.length === 0
      ? `--${boundary}\r\n\r\n--${boundary}--`
      : `--${boundary}\r\n${parts.join(`\r\n--${boundary}\r\n`)}\r\n--${boundary}--`;
  return { body, type: `multipart/form-data; boundary="${boundary}"` };
}

export const bodyKinds = ["multipart", "urlencoded", "json"] as const;
export type BodyKind = (typeof bodyKinds)[number];

export function encodeBody(
  kind: BodyKind,
  parameters: ParameterPairs,
): { readonly body: string; readonly type: string } {
  if (kind === "multipart") return multipart(parameters);
  if (kind === "urlencoded") return { body: encode(parameters), type: "application/x-www-form-urlencoded" };
  return { body: JSON.stringify(Object.fromEntries(parameters)), type: "application/json" };
}

export interface MaasAsk extends Ask {
  readonly signing?: Signing;
  readonly bodyKind?: BodyKind;
}

/** Asks MAAS's API with a signed request, as its clients do. Paths are below `/MAAS/api/2.0/`. */
export class MaasClient {
  readonly place: Place;
  readonly apiKey: string;
  readonly from: string | undefined;

  constructor(place: Place, apiKey: string, from?: string) {
    this.place = place;
    this.apiKey = apiKey;
    this.from = from;
  }

  ask(path: string, ask: MaasAsk = {}): Promise<Answer> {
    return send(this.place.url, `/MAAS/api/2.0/${path}`, {
      from: this.from,
      ...ask,
      headers: { authorization: oauthHeader(this.apiKey, ask.signing), ...ask.headers },
    });
  }

  get(path: string, parameters: ParameterPairs = [], ask: MaasAsk = {}): Promise<Answer> {
    return this.ask(parameters.length === 0 ? path : `${path}?${encode(parameters)}`, ask);
  }

  post(path: string, parameters?: ParameterPairs, ask: MaasAsk = {}): Promise<Answer> {
    return this.withBody("POST", path, parameters, ask);
  }

  put(path: string, parameters?: ParameterPairs, ask: MaasAsk = {}): Promise<Answer> {
    return this.withBody("PUT", path, parameters, ask);
  }

  delete(path: string, ask: MaasAsk = {}): Promise<Answer> {
    return this.ask(path, { method: "DELETE", ...ask });
  }

  private withBody(
    method: string,
    path: string,
    parameters: ParameterPairs | undefined,
    ask: MaasAsk,
  ): Promise<Answer> {
    if (parameters === undefined) return this.ask(path, { method, body: "", ...ask });
    const { body, type } = encodeBody(ask.bodyKind ?? "multipart", parameters);
    return this.ask(path, { method, body, ...ask, headers: { "content-type": type, ...ask.headers } });
  }

  /** A page of events, which must be one. */
  async events(parameters: ParameterPairs): Promise<MaasPage> {
    const answer = await this.get("events/", [["op", "query"], ...parameters]);
    if (answer.status !== 200) throw new Error(`events/ answered ${answer.status}: ${answer.text}`);
    return answer.json<MaasPage>();
  }
}

export interface MaasEvent {
  readonly username: string;
  readonly node: string | null;
  readonly hostname: string;
  readonly id: number;
  readonly level: string;
  readonly created: string;
  readonly type: string;
  readonly description: string;
}

export interface MaasPage {
  readonly count: number;
  readonly events: readonly MaasEvent[];
  readonly next_uri: string | null;
  readonly prev_uri: string | null;
}
