import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { freshFolder } from "../databases/databases.ts";
import { openShell, type Shell } from "../processes/command.ts";
import { startIronlog, type TestProcess } from "../processes/program.ts";
import { allEvents, type NativeEvent } from "../clients/native-client.ts";
import { until } from "../until.ts";
import type { TestServer } from "../server.ts";
import { admin } from "../worlds/people.ts";

/** Somebody who runs `ironlog report`. */
export interface Reporting extends Disposable {
  readonly shell: Shell;
  readonly spool: string;
  /** Starts it, to be written to. */
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): TestProcess;
  /** The files in which events wait. */
  segments(): readonly string[];
  /** How many lines wait in them. */
  waiting(): number;
  /** What was put aside. */
  refused(): readonly Readonly<Record<string, unknown>>[];
}

/** Logs in as `prod`. */
export async function startReporting(url: string, apiKey: string): Promise<Reporting> {
  const shell = openShell();
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  const spool = path.join(folder, "spool");
  const login = await shell.ironlog(["login", "prod", `${url}/MAAS/`, apiKey]);
  if (login.code !== 0) throw new Error(login.stderr);
  const segments = (): readonly string[] =>
    existsSync(spool) ? readdirSync(spool).filter((name) => name.startsWith("taken-")) : [];
  return {
    shell,
    spool,
    start: (args = ["--format", "json"], env = {}) =>
      startIronlog(["report", "--profile", "prod", "--spool", spool, ...args], {
        env: { ...shell.env, ...env },
        hasInput: true,
      }),
    segments,
    waiting: () =>
      segments().reduce((sum, name) => sum + readFileSync(path.join(spool, name), "utf8").split("\n").length - 1, 0),
    refused: () => readLines(path.join(spool, "refused.jsonl")),
    [Symbol.dispose]() {
      shell[Symbol.dispose]();
      remove();
    },
  };
}

function readLines(file: string): readonly Readonly<Record<string, unknown>>[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

/** A line of `--format json`. */
export function eventLineOf(number: number, more: Readonly<Record<string, unknown>> = {}): string {
  const event = { type: "DOOR_OPENED", action: "door.open", description: `Opening ${number}`, ...more };
  return `${JSON.stringify(event)}\n`;
}

export function eventLines(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => eventLineOf(from + index)).join("");
}

/** What was reported, oldest first. */
export async function reportedTo(server: TestServer, source = "external"): Promise<readonly NativeEvent[]> {
  return (await allEvents(admin(server).native, { source })).toReversed();
}

export async function untilReported(server: TestServer, count: number): Promise<void> {
  await until(async () => (await reportedTo(server)).length >= count);
}

export function openings(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Opening ${from + index}`);
}
