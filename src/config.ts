import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { clusterNames } from "./cluster-names.ts";
import type { DatabaseLocation } from "./database/database.ts";
import { defaultFolder, type Environment } from "./environment.ts";
import { parsePostgresUrl, parseReadDatabase } from "./database/dialects/postgres-url.ts";
import { parsePublicUrl } from "./http/request/base-path.ts";
import {
  parseTrustedProxies,
  type TrustedHeader,
  trustedHeaders,
  type TrustedProxies,
} from "./http/request/client-address.ts";
import { parseAllowedHosts } from "./http/request/host.ts";
import { type MaasVersion, maasVersions } from "./http/maas/version.ts";
import { invalidField, Refusal } from "./refusal.ts";
import { readTls, type Tls } from "./terminal/tls-files.ts";

/** Where the data is: what every command needs that works beside the server or is it. */
export interface DataConfig {
  readonly dataFolder: string;
  readonly database: DatabaseLocation;
  /** The keys that sign the log. */
  readonly logKeyFile: string;
  /** The keys that open the secrets of other systems in the database. */
  readonly secretsKeyFile: string;
}

/** How the server runs. Read once, frozen; nothing else looks at flags or the environment. */
export interface ServerConfig extends DataConfig {
  readonly host: string;
  readonly port: number;
  /** The address that people use, without a slash at the end; undefined for whatever they used. */
  readonly url: string | undefined;
  readonly trustedProxies: TrustedProxies;
  readonly trustedHeader: TrustedHeader;
  /** Names that the server answers to beside its own and that of `url`. */
  readonly allowedHosts: readonly string[];
  readonly tls: Tls | undefined;
  readonly maasVersion: MaasVersion;
  /** Threads for what takes long to read, of SQLite. */
  readonly readers: number;
  /** A hot standby for what takes long to read, of PostgreSQL. */
  readonly readDatabase: string | undefined;
  readonly logLevel: LogLevel;
  /** Whether a debugger may be attached. */
  readonly isDebug: boolean;
  /** How a new log is to be called; undefined for a name that is drawn. */
  readonly logOrigin: string | undefined;
  /** Where the shell looks for commands. */
  readonly searchPath: readonly string[];
  /** Variables that look like settings and are Kubernetes's: they were ignored. */
  readonly ignoredNames: readonly string[];
  /** What each setting that has not its default was read from, by flag: `--port`, `IRONLOG_PORT`, `STATE_DIRECTORY`. */
  readonly sources: ReadonlyMap<string, string>;
  /** What the server's own commands are to find in their environment: the database's address, which holds a password. */
  readonly childEnvironment: Environment;
}

const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A setting: its flag, its name in the environment, and its lines in `--help`. */
interface Setting {
  readonly flag: string;
  readonly value: string;
  readonly help: string;
}

export const dataSettings = [
  {
    flag: "data",
    value: "DIR",
    help: "Data directory (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/ironlog, else ~/.local/state/ironlog)",
  },
  { flag: "database", value: "URL", help: "postgres://… to keep the data there instead of in DIR/ironlog.db" },
  { flag: "log-key", value: "FILE", help: "Keys that sign the log; made with it (default: DIR/log.key)" },
  { flag: "append-key", value: "FILE", help: "Keys that append to the log; made with it (default: DIR/append.key)" },
  {
    flag: "secrets-key",
    value: "FILE",
    help: "Keys that open other systems' secrets in the database; made when the first is kept (default: DIR/secrets.key)",
  },
] as const satisfies readonly Setting[];

export const serverSettings = [
  { flag: "host", value: "ADDRESS", help: "Address to listen on (default: 127.0.0.1)" },
  { flag: "port", value: "PORT", help: "Port to listen on; 0 takes a free one (default: 5240, MAAS's)" },
  ...dataSettings,
  { flag: "log-origin", value: "NAME", help: "Name of a new log, such as example.com/audit (default: drawn)" },
  { flag: "url", value: "URL", help: "Address that people use, where a proxy stands in front; it may have a path" },
  {
    flag: "allowed-host",
    value: "NAME",
    help: "Another name that people or a proxy use in the address; several are separated by commas, or the flag is repeated",
  },
  {
    flag: "trusted-proxy",
    value: "CIDR",
    help: "Proxy whose X-Forwarded-For is believed; several are separated by commas, or the flag is repeated",
  },
  {
    flag: "trusted-header",
    value: "NAME",
    help: `What trusted proxies name the client's address in: ${trustedHeaders.join(", ")} (default: x-forwarded-for)`,
  },
  { flag: "tls-cert", value: "FILE", help: "Certificate chain (PEM) to serve HTTPS with" },
  { flag: "tls-key", value: "FILE", help: "Its private key (PEM)" },
  {
    flag: "readers",
    value: "N",
    help: "Threads for long reads of SQLite, and for searches (default: processors - 1, from 1 to 4)",
  },
  {
    flag: "read-database",
    value: "URL",
    help: "postgres://… of a hot standby, for long reads that may be a moment old",
  },
  { flag: "maas-version", value: "2.7|2.8|2.9", help: "Version of MAAS to report to clients (default: 2.9)" },
  { flag: "log-level", value: "LEVEL", help: `How much to log: ${logLevels.join(", ")} (default: info)` },
] as const satisfies readonly Setting[];

/** The name of a setting in the environment: `--trusted-proxy` is `IRONLOG_TRUSTED_PROXY`. */
export function environmentName({ flag }: Pick<Setting, "flag">): string {
  return `IRONLOG_${flag.toUpperCase().replaceAll("-", "_")}`;
}

const settingNames: ReadonlySet<string> = new Set(serverSettings.map(environmentName));

/** Names in the environment that belong to the command line's client, or to whoever started it. */
const foreignNames = new Set(["IRONLOG_CONFIG_DIR", "IRONLOG_DEBUG", "IRONLOG_COMMAND"]);

/**
 * Reads the server's settings: flags first, then the environment, then what is said in `serverSettings`.
 *
 * Refuses with `invalid`, naming the flag, what it doesn't know or can't use; other flags are an error.
 */
export function serverConfig(args: readonly string[], variables: Environment = process.env): ServerConfig {
  const ignoredNames = clusterNames(variables, settingNames);
  const environment = Object.fromEntries(Object.entries(variables).filter(([name]) => !ignoredNames.includes(name)));
  const { given, sources } = readSettings(serverSettings, args, environment);
  refuseUnknownNames(environment);
  const one = (flag: string): string | undefined => given.get(flag)?.at(-1);
  const certificate = one("tls-cert");
  const key = one("tls-key");
  if ((certificate === undefined) !== (key === undefined)) {
    throw invalidField("--tls-cert", "Give --tls-cert and --tls-key together.");
  }
  if (one("trusted-header") !== undefined && !given.has("trusted-proxy")) {
    throw invalidField(
      "--trusted-header",
      "Give --trusted-header together with --trusted-proxy: nobody else is believed.",
    );
  }
  const location = dataLocation(one, environment);
  const { database } = location;
  return Object.freeze({
    ...location,
    childEnvironment: { ...environment, ...(database.kind === "postgres" && { IRONLOG_DATABASE: database.url }) },
    host: one("host") ?? "127.0.0.1",
    port: parseWhole("--port", one("port") ?? "5240", 0, 65_535),
    readDatabase: parseReadDatabase(one("read-database"), database.kind),
    readers: parseWhole("--readers", one("readers") ?? String(readersDefault()), 1, 64),
    url: parsePublicUrl(one("url")),
    trustedProxies: parseTrustedProxies((given.get("trusted-proxy") ?? []).flatMap(separated)),
    trustedHeader: parseChoice(
      "--trusted-header",
      (one("trusted-header") ?? "x-forwarded-for").toLowerCase(),
      trustedHeaders,
    ),
    allowedHosts: parseAllowedHosts((given.get("allowed-host") ?? []).flatMap(separated)),
    tls: certificate === undefined || key === undefined ? undefined : readTls(certificate, key),
    maasVersion: parseChoice(
      "--maas-version",
      one("maas-version") ?? "2.9",
      Object.keys(maasVersions) as MaasVersion[],
    ),
    logOrigin: one("log-origin"),
    logLevel: parseChoice("--log-level", one("log-level") ?? "info", logLevels),
    isDebug: Boolean(environment["IRONLOG_DEBUG"]),
    ignoredNames,
    sources: new Map([["data", defaultFolder(environment).from], ...sources]),
    searchPath: (environment["PATH"] ?? "").split(path.delimiter),
  });
}

/** The variables that say through which proxy another server is asked: `http_proxy`, `https_proxy`, `no_proxy`. */
export function proxyVariables(environment: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => /^(?:https?|no)_proxy$/i.test(name)));
}

/** Reads what a local command needs to find the data; `own` are the command's own flags, which it gets back. */
export function dataConfig(
  args: readonly string[],
  own: Readonly<Record<string, "text" | "flag">>,
  environment: Environment = process.env,
): { readonly config: DataConfig; readonly own: ReadonlyMap<string, string>; readonly words: readonly string[] } {
  const { given, flags, words } = readSettings(dataSettings, args, environment, own);
  const config = dataLocation((flag) => given.get(flag)?.at(-1), environment);
  return { config, own: flags, words };
}

function readSettings(
  settings: readonly Setting[],
  args: readonly string[],
  environment: Environment,
  own?: Readonly<Record<string, "text" | "flag">>,
) {
  const options: Record<string, { type: "string"; multiple: true; short?: string } | { type: "boolean" }> = {};
  for (const { flag } of settings) options[flag] = { type: "string", multiple: true };
  for (const [flag, kind] of Object.entries(own ?? {})) {
    options[flag] = kind === "flag" ? { type: "boolean" } : { type: "string", multiple: true, ...shortOf(flag) };
  }
  // The server takes no words, only local commands do.
  const allowPositionals = own !== undefined;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new Refusal("invalid", `${reason}.`, { cause: error });
  }
  const given = new Map<string, readonly string[]>();
  const flags = new Map<string, string>();
  const sources = new Map<string, string>();
  for (const [flag, value] of Object.entries(parsed.values)) {
    const list = Array.isArray(value) ? value.map(String) : [String(value)];
    // An empty folder would be the one that we happen to be in; a script's unset variable must not choose it.
    if (list.includes("")) throw invalidField(`--${flag}`, `--${flag} is empty: give a value, or leave it out.`);
    if (own !== undefined && Object.hasOwn(own, flag)) flags.set(flag, list.at(-1) ?? "");
    else given.set(flag, list);
    sources.set(flag, `--${flag}`);
  }
  for (const setting of settings) {
    const text = environment[environmentName(setting)];
    if (text === undefined || text === "" || given.has(setting.flag)) continue;
    given.set(setting.flag, [text]);
    sources.set(setting.flag, environmentName(setting));
  }
  return { given, flags, sources, words: parsed.positionals };
}

/** The one flag that everybody shortens. */
function shortOf(flag: string): { readonly short?: string } {
  return flag === "output" ? { short: "o" } : {};
}

/** A list in one word: `10.0.0.5,10.0.1.0/24`. */
function separated(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim());
}

function refuseUnknownNames(environment: Environment): void {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith("IRONLOG_") && !settingNames.has(name) && !foreignNames.has(name),
  );
  if (unknown.length === 0) return;
  throw new Refusal(
    "invalid",
    `${unknown.join(", ")} in the environment is no setting of Ironlog: see ironlog serve --help.`,
  );
}

function dataLocation(one: (flag: string) => string | undefined, environment: Environment): DataConfig {
  const dataFolder = path.resolve(one("data") ?? defaultFolder(environment).folder);
  const logKeyFile = path.resolve(one("log-key") ?? path.join(dataFolder, "log.key"));
  const appendKeyFile = path.resolve(one("append-key") ?? path.join(dataFolder, "append.key"));
  const secretsKeyFile = path.resolve(one("secrets-key") ?? path.join(dataFolder, "secrets.key"));
  const database = { ...parseDatabase(one("database"), dataFolder), appendKeyFile };
  return Object.freeze({ dataFolder, database, logKeyFile, secretsKeyFile });
}

/** One processor is for all else. */
function readersDefault(): number {
  return Math.min(4, Math.max(1, os.availableParallelism() - 1));
}

function parseDatabase(text: string | undefined, dataFolder: string) {
  if (text === undefined) return { kind: "sqlite", file: path.join(dataFolder, "ironlog.db") } as const;
  return { kind: "postgres", url: parsePostgresUrl(text) } as const;
}

function parseWhole(flag: string, text: string, from: number, to: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text);
  throw invalidField(flag, `${flag} takes a number from ${from} to ${to}, not '${text}'.`);
}

function parseChoice<Choice extends string>(flag: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw invalidField(flag, `${flag} takes one of ${choices.join(", ")}, not '${text}'.`);
  return choice;
}
