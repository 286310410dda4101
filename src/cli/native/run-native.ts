import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { renderHead } from "../client/answer.ts";
import type { ApiRequest } from "../client/api-request.ts";
import { ask, askForStream } from "../client/ask.ts";
import { findHeader, isSuccess, type ServerAnswer } from "../client/server.ts";
import { commandName } from "../command-name.ts";
import type { Profile } from "../profiles/profile.ts";
import { CommandFailure, exitStatus, findErrorCode, misuse } from "../../terminal/exit.ts";
import { print, printError, printPainted } from "../../terminal/print.ts";
import { draftFile, whyNotMade, writeWhole } from "../../terminal/whole-file.ts";
import { followStream, Passing } from "./follow.ts";
import type { NativeCommand } from "./native-api.ts";
import { type OutputFormat, parseOutputFormat, render, shownIn } from "./native-output.ts";
import { nativeRequest } from "./native-request.ts";
import { serverOf } from "./native-store.ts";
import { problemIn } from "./problem.ts";
import { eventLine, type ShownEvent } from "./event-line.ts";

export interface NativeSwitches {
  readonly isDebug: boolean;
  readonly isInsecure: boolean;
  /** `--output`. */
  readonly output: string | undefined;
  /** `-o`. */
  readonly file: string | undefined;
}

/** Asks the profile's server for an operation of its native API, and shows the answer. Gives the exit status. */
export async function runNative(
  profile: Profile,
  command: NativeCommand,
  words: readonly string[],
  switches: NativeSwitches,
): Promise<number> {
  const format = switches.output === undefined ? undefined : parseOutputFormat(switches.output);
  if (command.answers.includes("text/event-stream")) return runFollow(profile, command, words, switches, format);
  if (command.answers.includes("text/csv")) return runExport(profile, command, words, switches, format);
  if (command.answers.includes("application/x-tar")) {
    if (format !== undefined) throw misuse("An archive goes as it is, without --output.");
    return runDownload(profile, nativeRequest(command, words, Date.now()), switches);
  }
  const answer = await ask(
    serverOf(profile, switches.isInsecure),
    nativeRequest(command, words, Date.now()),
    profile.key,
  );
  if (switches.isDebug) await printError(renderHead(answer));
  if (!isSuccess(answer)) throw refusal(answer, profile);
  await show(command, answer, format, switches.file);
  return exitStatus.success;
}

async function show(
  command: NativeCommand,
  answer: ServerAnswer,
  wanted: OutputFormat | undefined,
  file: string | undefined,
): Promise<void> {
  const body = Buffer.from(answer.body);
  const isTerminal = file === undefined && process.stdout.isTTY;
  if (body.length === 0) return isTerminal ? print("Done.\n") : undefined;
  if (!(findHeader(answer, "Content-Type") ?? "").startsWith("application/json")) {
    if (wanted !== undefined) throw misuse(`This answer is no JSON, and goes as it is, without --output.`);
    return file === undefined ? print(body) : writeFile(file, body.toString("utf8"));
  }
  const format = wanted ?? (isTerminal ? "table" : "json");
  const parsed: unknown = JSON.parse(body.toString("utf8"));
  const shown = shownIn(parsed);
  const width = isTerminal ? process.stdout.columns : undefined;
  // As JSON an answer goes byte for byte.
  const text =
    format === "json" ? `${body.toString("utf8")}\n` : render(shown, format, { wanted: command.columns, width });
  await (file === undefined ? print(text) : writeFile(file, text));
  if (format !== "json") await offerNames(parsed);
  if (typeof parsed !== "object" || parsed === null || !("older" in parsed)) return;
  const { older } = parsed;
  if (typeof older !== "string" || format === "json") return;
  const before = new URLSearchParams(older.split("?")[1]).get("before");
  const hasStopped = "searched_to" in parsed && parsed.searched_to !== null;
  const sentence = hasStopped ? `The search stopped at event ${before}. To go on` : "There is more";
  if (before !== null) await printError(`${sentence}: before=${before}\n`);
}

/** Names that were meant, where nothing was found: the filters of a list may have been typed in another case. */
async function offerNames(answer: unknown): Promise<void> {
  if (typeof answer !== "object" || answer === null || !("did_you_mean" in answer)) return;
  // As the API describes it.
  const names = answer.did_you_mean as readonly { readonly filter: string; readonly value: string }[];
  if (names.length === 0) return;
  const offered = names.map(({ filter, value }) => `${filter}=${value}`);
  await printError(`Nothing matches. Case counts: did you mean ${offered.join(", or ")}?\n`);
}

function writeFile(file: string, text: string): void {
  try {
    writeWhole(file, text, "refuse");
  } catch (error) {
    throw notMade(file, error);
  }
}

function notMade(file: string, cause: unknown): CommandFailure {
  return new CommandFailure(exitStatus.refused, `Cannot make the file ${file} ${whyNotMade(cause)}`, { cause });
}

/** What a server says against a request, with the fields that it names. */
function refusal(answer: Pick<ServerAnswer, "status" | "reason" | "body">, { name, url }: Profile): CommandFailure {
  const { status, reason, body } = answer;
  const text = Buffer.from(body).toString("utf8");
  const login = status === 401 ? ` Log in with another API key: ${commandName} login ${name} ${url}` : "";
  return new CommandFailure(exitStatus.refused, (problemIn(text)?.text ?? `${status} ${reason}: ${text}`) + login);
}

async function runFollow(
  profile: Profile,
  command: NativeCommand,
  words: readonly string[],
  { isInsecure, file }: NativeSwitches,
  format: OutputFormat | undefined,
): Promise<number> {
  if (file !== undefined) throw misuse("'follow' goes on and on: send its lines into a file with > FILE.");
  if (format === "csv" || format === "json") throw misuse("'follow' shows --output table or jsonl.");
  const isLines = format === "table" || (format === undefined && process.stdout.isTTY);
  const request = nativeRequest(command, words, Date.now());
  const given = new URLSearchParams(request.path.split("?")[1]);
  const from = given.get("after");
  given.delete("after");
  const server = serverOf(profile, isInsecure);
  const [path = ""] = request.path.split("?");
  let isRead = true;
  process.stdout.on("error", (error) => {
    if (findErrorCode(error) === "EPIPE") isRead = false;
  });
  const open = (wanted: ApiRequest): Promise<IncomingMessage> => openStream(profile, server, wanted);
  return followStream(
    {
      open,
      after: (id) => {
        const query = new URLSearchParams(given);
        query.set("after", String(id));
        return { ...request, path: `${path}?${query.toString()}` };
      },
      async show(event) {
        if (isLines) await printPainted(eventLine(JSON.parse(event) as ShownEvent, process.stdout.isTTY));
        else await print(`${event}\n`);
        return isRead;
      },
    },
    from === null ? await newestEvent(profile, server, path) : Number(from),
  );
}

/** The newest event that the profile's user may see: a stream that breaks off before its first event goes on behind it. */
async function newestEvent(profile: Profile, server: ReturnType<typeof serverOf>, path: string): Promise<number> {
  const list = path.slice(0, path.lastIndexOf("/"));
  const request = { method: "GET", path: `${list}?limit=1`, headers: {}, body: undefined };
  const answer = await ask(server, request, profile.key);
  if (!isSuccess(answer)) throw refusal(answer, profile);
  const { items } = JSON.parse(Buffer.from(answer.body).toString("utf8")) as { items: readonly { id: number }[] };
  return items[0]?.id ?? 0;
}

/** An answer that is read as it comes. A refusal that may pass is one of `Passing`. */
async function openStream(
  profile: Profile,
  server: ReturnType<typeof serverOf>,
  request: ApiRequest,
): Promise<IncomingMessage> {
  const incoming = await askForStream(server, request, profile.key).catch((error: unknown) => {
    throw new Passing(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const failure = await findRefusal(incoming, profile);
  if (failure === undefined) return incoming;
  const { statusCode: status = 0 } = incoming;
  throw status === 429 || status >= 500 ? new Passing(failure.message) : failure;
}

/** What an answer that is read as it comes says against the request; undefined where it is a success. */
async function findRefusal(incoming: IncomingMessage, profile: Profile): Promise<CommandFailure | undefined> {
  const { statusCode: status = 0, statusMessage: reason = "" } = incoming;
  if (status === 200) return undefined;
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  return refusal({ status, reason, body }, profile);
}

async function runExport(
  profile: Profile,
  command: NativeCommand,
  words: readonly string[],
  switches: NativeSwitches,
  format: OutputFormat | undefined,
): Promise<number> {
  if (format === "table" || format === "json") throw misuse("'export' writes --output csv or jsonl.");
  const isGiven = words.some((word) => word.startsWith("format="));
  const kind = format ?? (switches.file?.endsWith(".csv") === true ? "csv" : "jsonl");
  return runDownload(
    profile,
    nativeRequest(command, isGiven ? words : [...words, `format=${kind}`], Date.now()),
    switches,
  );
}

/** Passes on what the server streams, to a file that is whole or isn't there. */
async function runDownload(
  profile: Profile,
  request: ReturnType<typeof nativeRequest>,
  { isInsecure, file }: NativeSwitches,
): Promise<number> {
  const incoming = await askForStream(serverOf(profile, isInsecure), request, profile.key);
  const failure = await findRefusal(incoming, profile);
  if (failure !== undefined) throw failure;
  try {
    if (file === undefined) await copyOut(incoming);
    else await copyToFile(incoming, file);
  } catch (error) {
    if (findErrorCode(error) !== "ECONNRESET" && !(error instanceof Error && error.message === "aborted")) throw error;
    const left = file === undefined ? "What was printed is not all of it" : "No file was made";
    throw new CommandFailure(exitStatus.refused, `The export broke off. ${left}; try again.`, { cause: error });
  }
  return exitStatus.success;
}

async function copyOut(incoming: IncomingMessage): Promise<void> {
  for await (const chunk of incoming as AsyncIterable<Buffer>) await print(chunk);
}

async function copyToFile(incoming: IncomingMessage, file: string): Promise<void> {
  let draft: ReturnType<typeof draftFile>;
  try {
    draft = draftFile(file, "refuse");
  } catch (error) {
    incoming.destroy();
    throw notMade(file, error);
  }
  using kept = draft;
  await pipeline(incoming, createWriteStream(kept.path, { flags: "r+" }));
  kept.keep();
}
