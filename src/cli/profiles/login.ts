import * as fs from "node:fs";
import { parseApiKey } from "./api-key.ts";
import type { ApiKey } from "./api-key.ts";
import { commandName } from "../command-name.ts";
import { fetchApi } from "../client/describe.ts";
import { CommandFailure, exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { learnNativeApi } from "../native/native-store.ts";
import { findNameFault } from "./profile.ts";
import { saveProfile } from "./profile-store.ts";
import { promptForSecret, readFirstLine } from "../../terminal/secret-input.ts";
import { findHeader } from "../client/server.ts";
import { ask } from "../client/ask.ts";
import type { Server } from "../client/server.ts";
import { print } from "../../terminal/print.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";

/** `login PROFILE URL [APIKEY]`: checks a key with its server and keeps both as a profile. */
export function loginCommand(takenNames: readonly string[]): CommandBody {
  return { usage: loginUsage, run: (args) => login(args, takenNames) };
}

const loginUsage = sections([
  `Usage: ${commandName} login PROFILE URL [APIKEY | -]`,
  wrap("Log in to a server and keep its URL and your API key as a profile, over one of the same name."),
  section(
    "Arguments:",
    columns([
      ["PROFILE", "A name of your choice; later commands begin with it."],
      ["URL", "The server's, such as http://maas.example:5240/MAAS/"],
      [
        "APIKEY",
        "Your API key, from the server's web page or its `apikey --generate`. Left out: you are asked for it. -: the first line of standard input. Empty: log in without one.",
      ],
    ]),
  ),
  section(
    "Options:",
    columns([
      ["--cacerts FILE", "Trust the certificate authorities in this PEM file, now and in later commands."],
      ["-k, --insecure", "Take any certificate the server shows, this once."],
      ["-h, --help", "Show this help."],
    ]),
  ),
]);

async function login(args: readonly string[], takenNames: readonly string[]): Promise<number> {
  const { words, switches, values } = parseWords(args, {
    cacerts: { type: "string" },
    insecure: { type: "boolean", short: "k" },
  });
  const [name, urlWord, keyWord, ...rest] = words;
  if (name === undefined || urlWord === undefined || rest.length > 0) {
    throw misuse(`'login' takes PROFILE URL [APIKEY]. For help: ${commandName} login --help`);
  }
  const fault = findNameFault(name, takenNames);
  if (fault !== undefined) throw misuse(fault);
  const url = parseApiRoot(urlWord);
  const caFile = values.get("cacerts");
  const cacerts = caFile === undefined ? undefined : readAuthorities(caFile);
  const key = keyOf(await keyText(keyWord));
  const server = { url, cacerts, isInsecure: switches.has("insecure"), profileName: name };
  if (key !== undefined) await checkKey(server, key);
  const api = await fetchApi(server, key === undefined ? "anonymous" : "authenticated");
  const profile = { name, url, key, cacerts, api };
  saveProfile(profile);
  await learnNativeApi(profile, server.isInsecure);
  await print(confirmation(name, url, key));
  return exitStatus.success;
}

function confirmation(name: string, url: string, key: ApiKey | undefined): string {
  const how = key === undefined ? " without an API key: only what is open to everybody can be asked for" : "";
  return `Logged in to ${url} as profile '${name}'${how}.\nFor what you can do there: ${commandName} ${name} --help\n`;
}

/** The API's root at the URL that people copy from their browser: `http://host:5240/MAAS` → `…/MAAS/api/2.0/`. */
export function parseApiRoot(word: string): string {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    throw misuse(`'${word}' is no URL of a server, such as http://maas.example:5240/MAAS/`);
  }
  const path = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
  return url.origin + (/\/api\/[0-9.]+\/$/.test(path) ? path : `${path}api/2.0/`);
}

function readAuthorities(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new Error("Cannot read the certificate authorities", { cause: error });
  }
}

async function keyText(word: string | undefined): Promise<string> {
  if (word === "-") return readFirstLine(process.stdin);
  if (word !== undefined) return word;
  if (process.stdin.isTTY) return promptForSecret("API key (leave it empty to log in without one): ");
  throw misuse("No API key: give it as the third word, or - to read it from standard input.");
}

function keyOf(text: string): ApiKey | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const key = parseApiKey(trimmed);
  if (key === undefined) throw misuse("Malformed API key: it has three parts, CONSUMER:TOKEN:SECRET.");
  return key;
}

async function checkKey(server: Server, key: ApiKey): Promise<void> {
  const { pathname } = new URL(server.url);
  const request = { method: "GET", path: `${pathname}users/?op=whoami`, headers: {}, body: undefined };
  const answer = await ask(server, request, key);
  if (answer.status === 200) return;
  if (answer.status === 401) {
    throw new CommandFailure(exitStatus.gaveUp, `The server at ${server.url} rejected your API key.`);
  }
  if (answer.status === 421) throw new CommandFailure(exitStatus.gaveUp, misdirected(server, answer.body));
  const place = findHeader(answer, "Location");
  const hint = place === undefined ? "" : `, which points to ${place}`;
  throw new CommandFailure(
    exitStatus.gaveUp,
    `The server at ${server.url} gave an unexpected response: ${answer.status} ${answer.reason}${hint}. Is that the right URL? It mostly ends with /MAAS/`,
  );
}

/** The server isn't known by the name in the URL. Its own words say how to mend that; nothing in them may move the cursor. */
function misdirected({ url }: Server, body: Uint8Array): string {
  const words = Buffer.from(body).toString("utf8").replaceAll(/\p{C}/gu, " ").slice(0, 500);
  return `The server at ${url} refuses this address: ${words}`;
}
