import { serverConfig, type ServerConfig, serverSettings } from "../config.ts";
import { byDefault } from "../environment.ts";
import { withoutPassword } from "../database/dialects/postgres-url.ts";
import { settingsHelp } from "../settings-help.ts";
import { exitStatus } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { print } from "../terminal/print.ts";
import { visible } from "../terminal/visible.ts";

type Flag = (typeof serverSettings)[number]["flag"];

/** A setting as it is in effect. */
interface SettingInEffect {
  readonly name: Flag;
  /** Null where nothing is set, and nothing stands in for it. */
  readonly value: string | null;
  /** Its flag, its variable, or `default`. */
  readonly from: string;
}

/** The server's settings, as a command: what `serve` would refuse is refused in the same words. */
export const configCommand: CommandBody = {
  usage: `Usage: ironlog config [--json] [OPTION …]

Print each setting that 'ironlog serve' would have with these options in this environment, and
what it comes from. The password in the address of a database isn't shown. What the server would
refuse of them is refused here too: try a change before a restart.

  --json
      A list of objects: name, value (null where there is none), from.

${settingsHelp(serverSettings)}`,

  async run(args) {
    const config = serverConfig(args.filter((word) => word !== "--json"));
    const settings = serverSettings.map(({ flag }) => inEffect(flag, config));
    await print(args.includes("--json") ? `${JSON.stringify(settings, null, 2)}\n` : table(settings));
    return exitStatus.success;
  },
};

function inEffect(flag: Flag, config: ServerConfig): SettingInEffect {
  return { name: flag, value: values[flag](config) ?? null, from: config.sources.get(flag) ?? byDefault };
}

const values: Readonly<Record<Flag, (config: ServerConfig) => string | undefined>> = {
  host: ({ host }) => host,
  port: ({ port }) => String(port),
  data: ({ dataFolder }) => dataFolder,
  database: ({ database }) => (database.kind === "sqlite" ? database.file : withoutPassword(database.url)),
  "log-key": ({ logKeyFile }) => logKeyFile,
  "append-key": ({ database }) => database.appendKeyFile,
  "secrets-key": ({ secretsKeyFile }) => secretsKeyFile,
  "log-origin": ({ logOrigin }) => logOrigin,
  url: ({ url }) => url,
  "allowed-host": ({ allowedHosts }) => listed(allowedHosts),
  // Node describes each as `Subnet: IPv4 10.0.0.0/8`, the newest first.
  "trusted-proxy": ({ trustedProxies: { rules } }) =>
    listed(rules.map((rule) => rule.split(" ").at(-1) ?? rule).toReversed()),
  "trusted-header": ({ trustedHeader }) => trustedHeader,
  "tls-cert": ({ tls }) => tls?.files[0],
  "tls-key": ({ tls }) => tls?.files[1],
  readers: ({ readers }) => String(readers),
  "read-database": ({ readDatabase }) => readDatabase && withoutPassword(readDatabase),
  "maas-version": ({ maasVersion }) => maasVersion,
  "log-level": ({ logLevel }) => logLevel,
};

function listed(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(",");
}

function table(settings: readonly SettingInEffect[]): string {
  const rows = settings.map(({ name, value, from }) => [name, value === null ? "-" : visible(value), from] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const [names, shown] = [width(0), width(1)];
  return rows.map(([name, value, from]) => `${name.padEnd(names)}  ${value.padEnd(shown)}  ${from}\n`).join("");
}
