import { invalidField } from "../../refusal.ts";

/** What may stand behind the `?` of the URL. The rest is what Ironlog sets by itself, or what node-postgres would ignore. */
const parameters: ReadonlySet<string> = new Set([
  "application_name",
  "fallback_application_name",
  "host",
  "options",
  "password",
  "port",
  "ssl",
  "sslcert",
  "sslkey",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "target_session_attrs",
  "uselibpqcompat",
  "user",
]);

/** Which of several hosts will do. The other values of libpq ask for a server that Ironlog could not write to. */
const targets = ["any", "primary", "read-write"] as const;
export type SessionTarget = (typeof targets)[number];

/** The hosts of a URL, each as a URL of its own, and which of them will do. */
export interface PostgresHosts {
  readonly urls: readonly string[];
  readonly target: SessionTarget;
}

const form = /^(postgres(?:ql)?:\/\/)((?:[^/?#]*@)?)([^/?#]*)(.*)$/s;
const targetName = "target_session_attrs";

/** The hosts that are to be asked one after the other; undefined for a URL that names one alone and wants nothing of it. */
export function hostsOf(url: string): PostgresHosts | undefined {
  const [, scheme = "", user = "", hosts = "", rest = ""] = form.exec(url) ?? [];
  const urls = hosts.split(",").map((host) => `${scheme}${user}${host}${rest}`);
  const target = paramsOf(rest).get(targetName);
  if (urls.length === 1 && target === null) return undefined;
  return {
    urls: urls.map(withoutTarget),
    target: targets.find((known) => known === target) ?? "read-write",
  };
}

/**
 * Checks a URL of PostgreSQL as somebody has given it in that option or field.
 *
 * Refuses with `invalid` what is no such URL, and a parameter that would have no effect, or one that Ironlog sets.
 */
export function parsePostgresUrl(text: string, field = "--database"): string {
  const [, scheme = "", user = "", hosts = "", rest = ""] = form.exec(text) ?? [];
  const list = hosts.split(",");
  const isWrong = list.some(
    (host) => (list.length > 1 && host === "") || !URL.canParse(`${scheme}${user}${host}${rest}`),
  );
  if (scheme === "" || isWrong) {
    throw invalidField(
      field,
      `${field.startsWith("--") ? `${field} takes` : "Enter"} a URL such as postgres://ironlog@db.example.com/ironlog, or with several hosts postgres://ironlog@a.example.com:5432,b.example.com:5432/ironlog.`,
    );
  }
  const params = paramsOf(rest);
  const surplus = [...params.keys()].find((name) => !parameters.has(name));
  if (surplus !== undefined) {
    throw invalidField(
      field,
      `${field}: '${surplus}' in the URL has no effect here: leave it out. These do: ${[...parameters].join(", ")}.`,
    );
  }
  const target = params.get(targetName);
  if (target !== null && !targets.some((known) => known === target)) {
    throw invalidField(
      field,
      `${field}: ${targetName}=${target} would lead to a server that can't be written to, or isn't known: use ${targets.join(", ")}.`,
    );
  }
  const isList = ["host", "port"].some((name) => params.get(name)?.includes(",") === true);
  if (isList || (list.length > 1 && (params.has("host") || params.has("port")))) {
    throw invalidField(
      field,
      `${field}: write several hosts before the path, as in postgres://ironlog@a:5432,b:5432/ironlog.`,
    );
  }
  return text;
}

/** The URL as it may be shown. */
export function withoutPassword(url: string): string {
  const [, scheme, user = "", hosts = "", rest = ""] = form.exec(url) ?? [];
  if (scheme === undefined) return "the database";
  return `${scheme}${user.replace(/:.*@$/s, ":********@")}${hosts}${rest.replace(/[?#].*$/s, "")}`;
}

function paramsOf(rest: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(rest)?.[1] ?? "");
}

function withoutTarget(url: string): string {
  const [before = "", query] = url.split("?", 2);
  if (query === undefined) return url;
  const kept = query.split("&").filter((parameter) => !parameter.startsWith(`${targetName}=`));
  return kept.length === 0 ? before : `${before}?${kept.join("&")}`;
}

/** The standby that `--read-database` names, beside a database of that kind. Refuses with `invalid`. */
export function parseReadDatabase(text: string | undefined, kind: "sqlite" | "postgres"): string | undefined {
  if (text === undefined || kind === "postgres") return text && parsePostgresUrl(text, "--read-database");
  throw invalidField(
    "--read-database",
    "--read-database takes a standby of PostgreSQL: give it together with --database.",
  );
}
