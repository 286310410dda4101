import { parseDescription } from "./api-description.ts";
import type { CallerKind } from "./api-description.ts";
import type { Api } from "./api.ts";
import { CommandFailure, exitStatus } from "../../terminal/exit.ts";
import { findHeader } from "./server.ts";
import { ask } from "./ask.ts";
import type { Server } from "./server.ts";

/** Asks a server what it can do for this caller. It tells everybody, so the request is not signed. */
export async function fetchApi(server: Server, caller: CallerKind): Promise<Api> {
  const { pathname } = new URL(server.url);
  const request = { method: "GET", path: `${pathname}describe/`, headers: {}, body: undefined };
  const answer = await ask(server, request, undefined);
  const text = Buffer.from(answer.body).toString("utf8");
  if (answer.status !== 200) throw noDescription(server, `${answer.status} ${answer.reason}:\n${text}`);
  const type = findHeader(answer, "Content-Type") ?? "nothing";
  if (type.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    throw noDescription(server, `Expected application/json, got: ${type}`);
  }
  try {
    return parseDescription(JSON.parse(text), caller);
  } catch (error) {
    throw noDescription(server, `It cannot be understood: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function noDescription({ url }: Server, reason: string): CommandFailure {
  return new CommandFailure(exitStatus.gaveUp, `No description of the API from ${url}describe/. ${reason}`);
}
