import * as fs from "node:fs";
import * as path from "node:path";
import { findErrorCode, misuse } from "../../terminal/exit.ts";
import { commandName } from "../command-name.ts";
import { findNameFault, parseProfile, printProfile } from "./profile.ts";
import type { Profile } from "./profile.ts";
import { printError } from "../../terminal/print.ts";

/** The folder of the profiles, one file each. It need not exist yet. */
export function profilesFolder(): string {
  return path.join(configurationFolder(), "profiles");
}

function configurationFolder(): string {
  const own = process.env["IRONLOG_CONFIG_DIR"];
  if (own) return own;
  const shared = process.env["XDG_CONFIG_HOME"];
  // The XDG specification: a relative path is to be ignored.
  if (shared && path.isAbsolute(shared)) return path.join(shared, "ironlog");
  return path.join(homeFolder(), ".config", "ironlog");
}

function homeFolder(): string {
  return process.env["HOME"] || process.getBuiltinModule("node:os").homedir();
}

/** The profile of this name, or `undefined`. Warns where others could read the key in it. */
export async function findProfile(name: string): Promise<Profile | undefined> {
  if (findNameFault(name, []) !== undefined) return undefined;
  const file = fileOf(name);
  const text = await findFile(file);
  if (text === undefined) return undefined;
  try {
    return parseProfile(name, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw misuse(`The profile in ${file} is damaged (${reason}). To make it anew: ${commandName} login ${name} URL`);
  }
}

async function findFile(file: string): Promise<string | undefined> {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, "r");
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return undefined;
    throw new Error("Cannot read the profile", { cause: error });
  }
  try {
    const isReadByOthers = (fs.fstatSync(descriptor).mode & 0o077) !== 0;
    if (isReadByOthers) await printError(`WARNING: others can read the API key in ${file}. Run: chmod 600 '${file}'\n`);
    return fs.readFileSync(descriptor, "utf8");
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The names of all profiles, in alphabetical order. */
export function listProfileNames(): readonly string[] {
  try {
    return fs
      .readdirSync(profilesFolder())
      .filter((file) => file.endsWith(fileEnding) && !file.startsWith("."))
      .map((file) => file.slice(0, -fileEnding.length))
      .sort();
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return [];
    throw new Error("Cannot read the profiles", { cause: error });
  }
}

/** Where what a server's own API offers is kept: beside the profile, under a name that no profile has. */
export function nativeFileOf(name: string): string {
  return path.join(profilesFolder(), `.${name}.native.json`);
}

/** Writes the profile, over one of the same name; what was known of its server's own API is forgotten. A crash leaves the old one or the new one, never half of it. */
export function saveProfile(profile: Profile): void {
  const file = fileOf(profile.name);
  const draft = path.join(profilesFolder(), `.${profile.name}.${process.pid}`);
  try {
    fs.mkdirSync(profilesFolder(), { recursive: true, mode: 0o700 });
    fs.rmSync(draft, { force: true });
    fs.writeFileSync(draft, printProfile(profile), { mode: 0o600, flush: true, flag: "wx" });
    fs.renameSync(draft, file);
    fs.rmSync(nativeFileOf(profile.name), { force: true });
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw new Error(`Cannot write the profile '${profile.name}'`, { cause: error });
  }
}

/** Removes a profile. Says whether there was one. */
export function deleteProfile(name: string): "deleted" | "unknown" | "no-store" {
  if (!fs.existsSync(profilesFolder())) return "no-store";
  if (findNameFault(name, []) !== undefined) return "unknown";
  try {
    fs.unlinkSync(fileOf(name));
    fs.rmSync(nativeFileOf(name), { force: true });
    return "deleted";
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return "unknown";
    throw new Error(`Cannot remove the profile '${name}'`, { cause: error });
  }
}

function fileOf(name: string): string {
  return path.join(profilesFolder(), name + fileEnding);
}

const fileEnding = ".json";
