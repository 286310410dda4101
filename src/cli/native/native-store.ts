import * as fs from "node:fs";
import { ask } from "../client/ask.ts";
import type { Server } from "../client/server.ts";
import { nativeFileOf } from "../profiles/profile-store.ts";
import type { Profile } from "../profiles/profile.ts";
import { CommandFailure, exitStatus } from "../../terminal/exit.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { type NativeApi, parseNativeApi } from "./native-api.ts";

// What a server's native API offers is kept in a second file beside the profile: MAAS's operations never read it.

/** What was kept of it; undefined where that is nothing, or was learnt of another state of the server. */
export function readNativeApi({ name, url, api }: Profile): NativeApi | undefined {
  try {
    const kept = JSON.parse(fs.readFileSync(nativeFileOf(name), "utf8")) as NativeApi & Made;
    return kept.url === url && kept.hash === api.hash ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** What it was learnt from. */
interface Made {
  readonly url: string;
  readonly hash: string | null;
}

/** Asks the server what its native API offers, and keeps it. Throws `NoNativeApi` where there is none. */
export async function fetchNativeApi(profile: Profile, isInsecure: boolean): Promise<NativeApi> {
  const server = serverOf(profile, isInsecure);
  const address = `${nativeRoot(profile.url)}openapi.json`;
  const request = { method: "GET", path: new URL(address).pathname, headers: {}, body: undefined };
  const answer = await ask(server, request, undefined);
  const text = Buffer.from(answer.body).toString("utf8");
  const none = (why: string): NoNativeApi =>
    new NoNativeApi(`No description of Ironlog's own API from ${address}: ${why}`);
  if (answer.status !== 200) throw none(`${answer.status} ${answer.reason}`);
  let api: NativeApi;
  try {
    api = parseNativeApi(JSON.parse(text));
  } catch (error) {
    throw none(error instanceof Error ? error.message : String(error));
  }
  const kept: NativeApi & Made = { url: profile.url, hash: profile.api.hash, ...api };
  try {
    writeWhole(nativeFileOf(profile.name), `${JSON.stringify(kept)}\n`, "replace");
  } catch {
    // It is asked for again the next time.
  }
  return api;
}

/** Learns it anew, for completion, which never waits to ask. Whoever needs it asks again, and says what is wrong. */
export async function learnNativeApi(profile: Profile, isInsecure: boolean): Promise<void> {
  await fetchNativeApi(profile, isInsecure).catch(() => undefined);
}

/** The server has none: it is Canonical's MAAS, say. */
export class NoNativeApi extends CommandFailure {
  constructor(message: string) {
    super(exitStatus.gaveUp, message);
    this.name = "NoNativeApi";
  }
}

export function serverOf({ url, cacerts, name }: Profile, isInsecure: boolean): Server {
  return { url, cacerts, isInsecure, profileName: name };
}

/** `https://host/audit/MAAS/api/2.0/`, or `…/MAAS/at/prod/api/2.0/` → `https://host/audit/api/v1/`. */
export function nativeRoot(url: string): string {
  return url.replace(/\/MAAS\/(?:at\/[^/]+\/)?api\/[0-9.]+\/$/, "/api/v1/");
}
