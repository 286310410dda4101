import { existsSync } from "node:fs";
import { type Actor, machineActor } from "../audit/actor.ts";
import { openLog } from "../audit/open-log.ts";
import { perform } from "../audit/perform.ts";
import { CommandFailure, exitStatus, misuse, refuseWords } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { promptForSecret } from "../terminal/secret-input.ts";
import { osUser } from "../terminal/os-user.ts";
import { print } from "../terminal/print.ts";
import { type DataConfig, dataConfig, dataSettings } from "../config.ts";
import type { Database } from "../database/database.ts";
import { UnusableDatabase } from "../database/failures.ts";
import { importSshKeys } from "../keys/ssh/actions.ts";
import { parseKeySource } from "../keys/ssh/key-source.ts";
import { prepareImport } from "../keys/ssh/ssh-import.ts";
import { nowMicros } from "../time.ts";
import { Refusal } from "../refusal.ts";
import { isPasswordLoginClosed } from "../settings/password-login.ts";
import { settingsHelp } from "../settings-help.ts";
import { createTokenFor, deleteToken, renameToken } from "../tokens/actions.ts";
import { listTokens } from "../tokens/queries.ts";
import { formatApiKey, defaultTokenName, drawToken, maskedApiKey, parseTokenName } from "../tokens/token.ts";
import { forgetFirstLogin } from "./users/first-login.ts";
import { PasswordHasher, parsePassword, type Password } from "./passwords/password.ts";
import { resetFactors } from "./second-factor/factor-actions.ts";
import { promptForLine } from "./prompt.ts";
import { parseEmail, parseUsername, type User } from "./users/user.ts";
import { createUser, resetPassword } from "./users/user-actions.ts";
import { findUser } from "./users/user-queries.ts";

// Commands for whoever may read the data directory, beside a running server too. What they do is recorded with the
// endpoint CLI and the operating system's user.

/** `createadmin`: MAAS's options, and a password that need not stand on the command line. */
export const createadminCommand = localCommand(
  `Usage: ironlog createadmin [--username NAME] [--password PASSWORD] [--email ADDRESS]
       [--ssh-import SOURCE] [--break-glass] [OPTION …]

Create an administrator. What isn't given is asked for; without a terminal the
password is the first line of standard input.

  --username NAME
  --password PASSWORD
      Others on this machine can read a command line: better leave it out.
  --email ADDRESS
  --ssh-import SOURCE
      Import SSH keys: lp:NAME from Launchpad, gh:NAME from GitHub.
  --break-glass
      Make a break-glass account: its password goes on where password login is
      closed. Without password login every new administrator is one.`,
  { username: "text", password: "text", email: "text", "ssh-import": "text", "break-glass": "flag" },
  async ({ db, machine, own, words }) => {
    refuseWords(words);
    refuseUnasked(own, "username", "email");
    const username = parseUsername(
      own.get("username") ?? (await promptForLine("Username: ", "--username")),
      "--username",
    );
    const password = await newPassword(own.get("password"));
    const email = parseEmail(own.get("email") ?? (await promptForLine("Email: ", "--email")), "--email");
    const wanted = own.get("ssh-import") ?? (await askForKeys());
    const passwordHash = await new PasswordHasher().hash(password);
    const now = nowMicros();
    // Fetched before anything is changed: where it fails, there is no half-made administrator.
    const fetched =
      wanted === "" ? undefined : await prepareImport(db, { id: 0, username }, parseKeySource(wanted), now);
    const isClosed = await isPasswordLoginClosed(db);
    const isBreakGlass = own.has("break-glass") || isClosed;
    const user = { username, email, lastName: "", isSuperuser: true, isBreakGlass, passwordHash, now };
    const { id: userId } = await perform(db, machine, createUser, user);
    if (fetched !== undefined) {
      await perform(db, machine, importSshKeys, { ...fetched, owner: { userId, username } });
    }
    if (isClosed) await print(`Password login is closed: '${username}' is a break-glass account.\n`);
  },
  "starts-log",
);

/** `changepassword`: sets somebody's password, and ends their sessions and API keys. */
export const changepasswordCommand = localCommand(
  `Usage: ironlog changepassword [USER] [--keep-keys] [OPTION …]

Change a user's password (yours, by the name you have on this machine, unless USER is
given), end all of their sessions and delete their API keys. Asks for it twice; without
a terminal it is the first line of standard input.

  --keep-keys
      Keep the user's API keys.`,
  { "keep-keys": "flag" },
  async ({ db, machine, config, own, words }) => {
    const [username = osUser(), ...more] = words;
    refuseWords(more);
    await getUser(db, username);
    const newHash = await new PasswordHasher().hash(await newPassword(undefined));
    await perform(db, machine, resetPassword, {
      username,
      newHash,
      endTokens: !own.has("keep-keys"),
      now: nowMicros(),
    });
    forgetFirstLogin(config.dataFolder, username);
    await print(`Password changed successfully for user '${username}'\n`);
  },
);

/** `resetfactor`: takes all second factors of somebody who has lost them. */
export const resetfactorCommand = localCommand(
  `Usage: ironlog resetfactor USER [OPTION …]

Remove all second factors of a user who has lost them, and end all of their sessions.
Their password is enough for the next login. API keys stay.`,
  {},
  async ({ db, machine, words }) => {
    const [username, ...more] = words;
    if (username === undefined) throw misuse("Give the user's name: ironlog resetfactor USER");
    refuseWords(more);
    await getUser(db, username);
    await perform(db, machine, resetFactors, { username, now: nowMicros() });
    await print(`Removed all second factors of user '${username}'\n`);
  },
);

/** `apikey`: a user's API keys. A secret is shown by `--generate` alone. */
export const apikeyCommand = localCommand(
  `Usage: ironlog apikey --username NAME [--generate | --delete KEY | --update KEY --name NAME] [OPTION …]

List a user's API keys, one a line. Their secrets are not kept: to get a key that
works, generate one.

  --username NAME
      Whose keys.
  --generate
      Make a new key and print it, whole.
  --delete KEY
      Delete a key: the whole of it, or its middle part.
  --update KEY --name NAME
      Rename a key.
  --name NAME
      The name of the key that is generated or updated.
  --with-names
      Print each key's name behind it.`,
  { username: "text", generate: "flag", delete: "text", update: "text", name: "text", "with-names": "flag" },
  async (call) => {
    const { db, own, words } = call;
    refuseWords(words);
    const actions = ["generate", "delete", "update"].filter((flag) => own.has(flag));
    if (actions.length > 1) throw misuse(`Give one of --${actions.join(", --")}, not all.`);
    const username = own.get("username");
    if (username === undefined || username === "") throw misuse("Give --username: whose keys are meant.");
    const user = await findUser(db, username);
    // MAAS's words, which scripts look for.
    if (user === undefined) throw new CommandFailure(exitStatus.gaveUp, "User does not exist.");
    if (own.has("generate")) return generateKey(call, user);
    if (own.has("delete")) return deleteKey(call, user);
    if (own.has("update")) return renameKey(call, user);
    const tokens = await listTokens(db, user.id);
    const lines = tokens.map((token) => `${maskedApiKey(token)}${own.has("with-names") ? ` ${token.name}` : ""}\n`);
    return print(lines.join(""));
  },
);

interface LocalCall {
  readonly db: Database;
  readonly machine: Actor;
  readonly config: DataConfig;
  readonly own: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

async function generateKey({ db, machine, own }: LocalCall, user: User): Promise<void> {
  const name = parseTokenName(own.get("name") ?? defaultTokenName, "--name");
  const { token, credentials } = drawToken(name, nowMicros());
  await perform(db, machine, createTokenFor, { owner: user, token });
  await print(`${formatApiKey(credentials)}${own.has("with-names") ? ` ${name}` : ""}\n`);
}

async function deleteKey({ db, machine, own }: LocalCall, user: User): Promise<void> {
  const tokenKey = keyPart(own.get("delete") ?? "");
  await orNoKey(
    perform(db, machine, deleteToken, { userId: user.id, username: user.username, tokenKey, now: nowMicros() }),
  );
}

async function renameKey({ db, machine, own }: LocalCall, user: User): Promise<void> {
  const name = own.get("name");
  if (name === undefined) throw misuse("Give --name with --update: what to call the key.");
  const tokenKey = keyPart(own.get("update") ?? "");
  await orNoKey(perform(db, machine, renameToken, { userId: user.id, tokenKey, name: parseTokenName(name, "--name") }));
}

/** The part that names a token, of a whole key or by itself. */
function keyPart(key: string): string {
  return key.split(":")[1] ?? key;
}

async function orNoKey(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") {
      throw new CommandFailure(exitStatus.gaveUp, "No matching api key found.", { cause: error });
    }
    throw error;
  }
}

async function getUser(db: Database, username: string): Promise<User> {
  const user = await findUser(db, username);
  if (user === undefined) throw new CommandFailure(exitStatus.gaveUp, `User '${username}' does not exist.`);
  return user;
}

/** Without a terminal only the password is read from standard input: it must not be taken for anything else. */
function refuseUnasked(own: LocalCall["own"], ...flags: readonly string[]): void {
  const missing = flags.filter((flag) => !own.has(flag)).map((flag) => `--${flag}`);
  if (!process.stdin.isTTY && missing.length > 0) {
    throw misuse(`Give ${missing.join(" and ")}: without a terminal only the password is read from standard input.`);
  }
}

/** On a terminal keys may be asked for, as MAAS does; in a script they are left out. */
async function askForKeys(): Promise<string> {
  return process.stdin.isTTY ? promptForLine("Import SSH keys [] (lp:user-id or gh:user-id): ", "--ssh-import") : "";
}

/** The password given, or typed twice, or the first line of what is piped in. */
async function newPassword(given: string | undefined): Promise<Password> {
  if (given !== undefined) return parsePassword(given, "--password");
  if (!process.stdin.isTTY) return parsePassword(await promptForLine("Password: ", "--password"), "password");
  const password = parsePassword(await promptForSecret("Password: "), "password");
  if ((await promptForSecret("Again: ")) !== password) {
    throw new CommandFailure(exitStatus.gaveUp, "Passwords don't match. Nothing was changed.");
  }
  return password;
}

/** A new log starts with the server or with `createadmin`; a command for one that isn't there is a mistake. */
function refuseWithoutDatabase({ database }: DataConfig): void {
  if (database.kind === "postgres" || existsSync(database.file)) return;
  throw new UnusableDatabase(`there is no database at ${database.file}: name its folder with --data`);
}

/** A command that opens the data and does one thing. */
function localCommand(
  usage: string,
  own: Readonly<Record<string, "text" | "flag">>,
  work: (call: LocalCall) => Promise<void>,
  startsLog: "starts-log" | "needs-log" = "needs-log",
): CommandBody {
  return {
    usage: `${usage}\n\n${settingsHelp(dataSettings)}`,
    async run(args) {
      const { config, ...given } = dataConfig(args, own);
      const machine = machineActor(osUser());
      if (startsLog === "needs-log") refuseWithoutDatabase(config);
      await using open = await openLog(config.database, machine);
      await work({ db: open.db, machine, config, ...given });
      return exitStatus.success;
    },
  };
}
