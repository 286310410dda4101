import { describeEmptyFailure, renderBody, renderHead, renderWarnings } from "./answer.ts";
import type { OperationCommand, ResourceCommand } from "./api.ts";
import { requestFor } from "./api-request.ts";
import { commandName } from "../command-name.ts";
import { exitStatus } from "../../terminal/exit.ts";
import { parseArguments } from "./operation-arguments.ts";
import { parameterNames } from "../help/operation-doc.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProxy } from "../../terminal/proxy.ts";
import { findHeader, isSuccess } from "./server.ts";
import { ask } from "./ask.ts";
import type { ServerAnswer } from "./server.ts";
import { closeWords } from "../help/suggest.ts";
import { print, printError } from "../../terminal/print.ts";

export interface OperationSwitches {
  /** Shows the answer's status and headers. */
  readonly isDebug: boolean;
  /** Takes any certificate. */
  readonly isInsecure: boolean;
}

/** Asks the profile's server for an operation and prints its answer. Gives the exit status. */
export async function runOperation(
  profile: Profile,
  resource: ResourceCommand,
  operation: OperationCommand,
  words: readonly string[],
  switches: OperationSwitches,
): Promise<number> {
  const given = parseArguments(resource.name, operation, words);
  const keys = given.pairs.map(({ key }) => key);
  await printError(keys.map((key) => slipWarning(key, operation)).join(""));
  const { name: profileName, url, cacerts } = profile;
  const server = { url, cacerts, profileName, isInsecure: switches.isInsecure };
  const answer = await ask(server, requestFor(operation, given), profile.key);
  if (switches.isDebug) await printError(renderHead(answer));
  await print(renderBody(answer, process.stdout.isTTY ? "person" : "program"));
  await printError(renderWarnings(answer) + adviceOn(answer, profile) + staleWarning(answer, profile));
  return isSuccess(answer) ? exitStatus.success : exitStatus.refused;
}

/** What people write for a parameter that is called otherwise. */
const otherNames: Readonly<Record<string, string>> = { username: "owner", user: "owner" };
/** What every operation of MAAS's takes without saying so. */
const always: readonly string[] = ["op", "format"];

/** Servers ignore a parameter that they do not know: `username=bob` would show everybody's events and look like an answer. */
function slipWarning(key: string, operation: OperationCommand): string {
  const known = parameterNames(operation.doc);
  // Without a doc nothing is known; of MAAS's `power_parameters_{param1}`, and ours with a `*`, any ending will do.
  const isKnown = known.some(
    (name) => name === key || (/[{*]/.test(name) && key.startsWith(name.split(/[{*]/)[0] ?? "")),
  );
  if (operation.doc === "" || isKnown || always.includes(key)) return "";
  const other = otherNames[key] ?? "";
  const [close] = known.includes(other) ? [other] : closeWords(key, known);
  const mend = close === undefined ? "" : ` Did you mean '${close}'?`;
  return `WARNING: '${operation.name}' has no parameter '${key}', which the server may ignore.${mend}\n`;
}

/** What can be done about a failure that the body alone does not tell. */
function adviceOn(answer: ServerAnswer, { name, url }: Profile): string {
  const { status, body } = answer;
  const isSilent = !isSuccess(answer) && body.length === 0 && !process.stdout.isTTY;
  const words = isSilent ? `${describeEmptyFailure(answer)}\n` : "";
  const proxy = [407, 502, 503, 504].includes(status) ? findProxy(url, process.env) : undefined;
  if (proxy !== undefined) {
    return `${words}This may be an answer of the proxy ${proxy.shown}, which ${proxy.name} names, and not of the server.\n`;
  }
  if (status === 401) {
    return `${words}If the API key of profile '${name}' is no longer valid, log in with another: ${commandName} login ${name} ${url}\n`;
  }
  if (status >= 300 && status < 400) {
    const place = findHeader(answer, "Location") ?? "another address";
    return `${words}The server points to ${place}, where your API key was not sent. If that is right: ${commandName} login ${name} NEW-ADDRESS\n`;
  }
  return words;
}

/** The box that says that the profile describes an older (or newer) server than the one that answered. */
function staleWarning(answer: ServerAnswer, { name, url, api }: Profile): string {
  const hash = findHeader(answer, "X-MAAS-API-Hash");
  if (hash === undefined || hash === api.hash) return "";
  const lines = [
    "*".repeat(boxWidth),
    `*** WARNING: what the server of profile '${name}' can do has changed`,
    `*** since you logged in to ${url}`,
    `*** To see the changes here too, run: ${commandName} refresh`,
    "*".repeat(boxWidth),
  ];
  return `${lines.join("\n")}\n`;
}

const boxWidth = 70;
