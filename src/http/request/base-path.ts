import { invalidField } from "../../refusal.ts";
import type { MaasAnswer } from "../maas/answer.ts";

// A base path is what stands before every path of this server in the address that people use: `/audit` of
// `https://example.com/audit`, empty where there is none. A proxy in front may keep it or take it away.

/** The first parts of the server's own paths: a base path that begins so couldn't be told from them. */
const ownBeginnings =
  "MAAS api log assets healthz readyz metrics login integrity machines machine settings account oidc".split(" ");

/** The base path of `--url`, without a slash at the end. Refuses (`invalid`, field `--url`) what can't be one. */
function parseBasePath({ pathname }: URL): string {
  const base = pathname.replace(/\/+$/, "");
  if (base === "") return "";
  if (!/^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(base)) {
    throw invalidField("--url", "--url takes a path of letters, digits and ._~- such as https://example.com/audit.");
  }
  const [, first = ""] = base.split("/");
  if (!ownBeginnings.includes(first)) return base;
  throw invalidField(
    "--url",
    `--url can't have a path that begins with /${first}: Ironlog's own paths do. Give the address without it, or choose another path.`,
  );
}

/** The base path of the address that people use; empty where that isn't known. */
export function basePath(url: string | undefined): string {
  return url === undefined ? "" : new URL(url).pathname.replace(/\/$/, "");
}

/** A request's target without the base path, where a proxy has kept it. */
export function withoutBase(target: string, base: string): string {
  if (base === "" || !target.startsWith(base)) return target;
  const rest = target.slice(base.length);
  if (rest === "" || rest.startsWith("?")) return `/${rest}`;
  return rest.startsWith("/") ? rest : target;
}

/** A cookie that goes to this server alone, and not to its neighbours under the same host. */
export function cookieBelow(cookie: string, base: string): string {
  return cookie.replace(
    /; Path=(\/[^;]*);/,
    (_, path: string) => `; Path=${path === "/" && base !== "" ? base : `${base}${path}`};`,
  );
}

/** A path of this server as a browser finds it. */
export function pathBelow(path: string, base: string): string {
  return path.startsWith("/") ? `${base}${path}` : path;
}

/** The members with paths, and those with the absolute addresses of MAAS's description. */
const addresses = /("(?:(?:resource_uri|next_uri|prev_uri|path)": "|uri": "[^"]*?)\/MAAS\/)/g;

/** MAAS's answer with paths that name the mirrored source as the request did. */
export function answerAt(answer: MaasAnswer, source: string | undefined): MaasAnswer {
  if (source === undefined || !answer.contentType.startsWith("application/json")) return answer;
  const text = answer.body.toString("utf8").replaceAll(addresses, `$1at/${source}/`);
  return { ...answer, body: Buffer.from(text, "utf8") };
}

/** The members that hold a path which clients go on from. */
const links = /("(?:resource_uri|next_uri|prev_uri|path)": ")(?=\/MAAS\/)/g;

/**
 * MAAS's answer with paths that lead through the base path. MAAS's answers hold them in few members of their own, and in
 * no text: there the quotes would be escaped.
 */
export function answerBelow(answer: MaasAnswer, base: string): MaasAnswer {
  if (base === "") return answer;
  const { headers, body, contentType } = answer;
  const location = headers?.["location"];
  return {
    ...answer,
    ...(location !== undefined && { headers: { ...headers, location: pathBelow(location, base) } }),
    ...(contentType.startsWith("application/json") && {
      body: Buffer.from(body.toString("utf8").replaceAll(links, `$1${base}`), "utf8"),
    }),
    ...(answer.cookies !== undefined && { cookies: answer.cookies.map((cookie) => cookieBelow(cookie, base)) }),
  };
}

/** The address that people use, as `--url` gives it. Refuses with `invalid`. */
export function parsePublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (isPlain && (url.protocol === "http:" || url.protocol === "https:")) return `${url.origin}${parseBasePath(url)}`;
  throw invalidField(
    "--url",
    `--url takes an address such as https://audit.example.com or https://example.com/audit, without user and password.`,
  );
}
