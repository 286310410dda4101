import { pythonJson, pythonJsonOneLine } from "./python-json.ts";

/** What goes back over MAAS's API, byte for byte. */
export interface MaasAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** What most of MAAS answers with: JSON on many lines. */
export function indentedJson(value: unknown, status = 200): MaasAnswer {
  return answer(status, "application/json; charset=utf-8", pythonJson(value));
}

/** What `version/` and the making of a token answer with: JSON on one line. */
export function compactJson(value: unknown, status = 200): MaasAnswer {
  return answer(status, "application/json; charset=utf-8", pythonJsonOneLine(value));
}

/** JSON on one line under the bare type: the `maas` client takes nothing else for `describe/`. */
export function bareJson(value: unknown, status = 200): MaasAnswer {
  return answer(status, "application/json", pythonJsonOneLine(value));
}

export function plainText(body: string, status: number): MaasAnswer {
  return answer(status, "text/plain; charset=utf-8", body);
}

/** `OK`, `Accepted`, or nothing: MAAS's acknowledgements have no charset. */
export function acknowledgement(body: string, status: number): MaasAnswer {
  return answer(status, "text/plain", body);
}

/** A deletion's answer, which needs a type all the same: the `maas` client fails without one. */
export const nothing: MaasAnswer = acknowledgement("", 204);

/** Text under the type that MAAS gives it. What a browser would take for markup is escaped: it may be the caller's own. */
export function html(text: string, status: number): MaasAnswer {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return answer(status, "text/html; charset=utf-8", escaped);
}

export function withCookies(given: MaasAnswer, cookies: readonly string[]): MaasAnswer {
  return { ...given, cookies };
}

function answer(status: number, contentType: string, body: string): MaasAnswer {
  return { status, contentType, body: Buffer.from(body, "utf8") };
}
