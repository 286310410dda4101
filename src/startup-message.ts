import { accessSync, constants } from "node:fs";
import path from "node:path";
import {
  type FirstLogin,
  firstLoginFile,
  makeFirstAdministrator,
  writeFirstLogin,
} from "./accounts/users/first-login.ts";
import type { PasswordHasher } from "./accounts/passwords/password.ts";
import type { Actor } from "./audit/actor.ts";
import type { ServerConfig } from "./config.ts";
import type { Database } from "./database/database.ts";
import type { Logger } from "./logger.ts";
import { print } from "./terminal/print.ts";
import { isSingleFile } from "./terminal/single-file.ts";

/** What it takes to make the first administrator of a new log, and to say how to log in. */
export interface FirstLoginParts {
  readonly db: Database;
  readonly machine: Actor;
  readonly passwords: PasswordHasher;
  readonly config: ServerConfig;
  readonly mainFile: string;
  readonly baseUrl: string;
  readonly log: Logger;
}

export type ShowFirstLogin = (parts: FirstLoginParts) => Promise<void>;

/** On a new log, makes the administrator and writes the login to a file for its owner alone. */
export const keepFirstLogin: ShowFirstLogin = async (parts) => void (await makeAndKeep(parts));

/** On a new log, makes the administrator and shows the login: on the terminal, else in a file for its owner alone. */
export const showFirstLogin: ShowFirstLogin = async (parts) => {
  const { db, machine, passwords, config, log } = parts;
  if (!process.stdout.isTTY) {
    const where = `This is the first start: the administrator's password, an API key and the next commands are in ${firstLoginFile(config.dataFolder)}\n`;
    if ((await makeAndKeep(parts)) !== undefined) await show(where, log);
    return;
  }
  const login = await makeFirstAdministrator(db, machine, passwords, () => () => {});
  if (login === undefined) return;
  const text = firstLoginText(login, parts);
  const isShown = await show(`\nThis is the first start. Shown this once:\n\n${text}\n`, log);
  // A terminal that has gone shows nothing, and there is no second time.
  if (!isShown) writeFirstLogin(config.dataFolder, login, text);
};

function makeAndKeep(parts: FirstLoginParts): Promise<FirstLogin | undefined> {
  const { db, machine, passwords, config } = parts;
  return makeFirstAdministrator(db, machine, passwords, (drawn) =>
    writeFirstLogin(config.dataFolder, drawn, firstLoginText(drawn, parts)),
  );
}

/** Tells a person; false where nobody can be told. A server doesn't end because its output can't be written. */
async function show(text: string, log: Logger): Promise<boolean> {
  try {
    await print(text);
    return true;
  } catch (error) {
    log.warn({ err: error }, "standard output can't be written: the server goes on without");
    return false;
  }
}

function firstLoginText(login: FirstLogin, { baseUrl, config, mainFile }: FirstLoginParts): string {
  const command = ironlogCommand(config, mainFile);
  return `  username   ${login.username}
  password   ${login.password}
  API key    ${login.apiKey}

Next, in another terminal:

  ${command} login ${login.username} ${baseUrl}/MAAS/ ${login.apiKey}
  ${command} ${login.username} events query level=AUDIT
`;
}

/** Says where the server is, and what would be safer. */
export async function showReady(baseUrl: string, config: ServerConfig, log: Logger): Promise<void> {
  if (config.tls === undefined && config.trustedProxies.rules.length === 0 && !isLoopback(config.host)) {
    log.warn(
      { host: config.host },
      "passwords and API keys travel in clear: give --tls-cert and --tls-key, or put a proxy with TLS in front and name it with --trusted-proxy",
    );
  }
  await show(`Ironlog is ready at ${baseUrl}/ (Ctrl-C stops it)\n`, log);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** How this program is called from any folder: by name if the shell would find it, else by its path. */
function ironlogCommand({ searchPath }: ServerConfig, mainFile: string): string {
  // npm puts its own folders in front, which the next terminal won't have.
  const folders = searchPath.filter((folder) => !folder.includes("node_modules"));
  if (folders.some((folder) => isExecutable(path.join(folder, "ironlog")))) return "ironlog";
  const own = isSingleFile() ? mainFile : path.join(path.dirname(mainFile), "..", "bin", "ironlog");
  return isExecutable(own) ? own : "ironlog";
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
