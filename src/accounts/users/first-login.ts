import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { nowMicros } from "../../time.ts";
import { Refusal } from "../../refusal.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { formatApiKey, defaultTokenName, drawToken, randomText } from "../../tokens/token.ts";
import { parsePassword, type PasswordHasher } from "../passwords/password.ts";
import { createFirstAdministrator } from "./user-actions.ts";
import { hasUsers } from "./user-queries.ts";

/** What the first administrator gets to see, once. */
export interface FirstLogin {
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
}

const firstUsername = "admin";
const fileName = "first-login";
/** 115 bits. */
const passwordLength = 20;

/**
 * Makes the administrator that a new log needs. Undefined if there is anybody already.
 *
 * `keep` stores what was drawn before it counts: if the process dies in between, nothing is lost; if the
 * administrator isn't made after all, what `keep` returns takes it back.
 */
export async function makeFirstAdministrator(
  db: Database,
  machine: Actor,
  passwords: PasswordHasher,
  keep: (login: FirstLogin) => () => void,
): Promise<FirstLogin | undefined> {
  if (await hasUsers(db)) return undefined;
  const password = randomText(passwordLength);
  const now = nowMicros();
  const { token, credentials } = drawToken(defaultTokenName, now);
  const login = { username: firstUsername, password, apiKey: formatApiKey(credentials) };
  const passwordHash = await passwords.hash(parsePassword(password, "password"));
  const takeBack = keep(login);
  const user = { username: firstUsername, email: "", lastName: "", isSuperuser: true, passwordHash, now };
  try {
    await perform(db, machine, createFirstAdministrator, { user, token });
    return login;
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "conflict")) throw error;
    // Another server on the same database was quicker. Any other failure may have come after the commit: what was
    // drawn is then kept, and the next start replaces it if it was not.
    takeBack();
    return undefined;
  }
}

/** The file that holds a first login where nobody was watching the terminal. */
export function firstLoginFile(dataFolder: string): string {
  return path.join(dataFolder, fileName);
}

/** Writes the file, for its owner's eyes. Returns what removes it. */
export function writeFirstLogin(dataFolder: string, login: FirstLogin, text: string): () => void {
  const file = firstLoginFile(dataFolder);
  writeWhole(file, `${marker(login.username)}\n${text}`, "replace");
  return () => rmSync(file, { force: true });
}

/** Removes the file if it is about this user: its password is no longer the one there. */
export function forgetFirstLogin(dataFolder: string, username: string): void {
  const file = firstLoginFile(dataFolder);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return;
  }
  if (text.startsWith(`${marker(username)}\n`)) rmSync(file, { force: true });
}

function marker(username: string): string {
  return `# The first login of '${username}'. Ironlog removes this file when that password is changed.`;
}
