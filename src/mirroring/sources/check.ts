import { parseApiKey } from "../../cli/profiles/api-key.ts";
import { askMaas, isSuperuserIn } from "../api/maas-api.ts";
import { hidesAuditEvents, readVersion } from "../api/maas-version.ts";
import { V3Reader } from "../api/v3-reader.ts";
import { MaasDatabase, peopleGrant, PeopleHidden } from "../database/maas-database.ts";
import type { OpenSource } from "./source-queries.ts";
import type { Way } from "./source.ts";
import { rfc3339Micros } from "../../time.ts";

/** What one way to read a source shows. */
export interface CheckedWay {
  readonly way: Way;
  readonly isUsable: boolean;
  /** What keeps it from being used. */
  readonly problems: readonly string[];
  /** What is there, and what it doesn't show. */
  readonly notes: readonly string[];
  readonly version: string | null;
  readonly rows: number | null;
  readonly first: string | null;
  readonly last: string | null;
}

const nothing = { version: null, rows: null, first: null, last: null };

/** Tries each way that a source has, and says what it will show. Changes nothing. */
export async function checkSource(source: OpenSource): Promise<readonly CheckedWay[]> {
  return [
    ...(source.database === null ? [] : [await checkDatabase(source)]),
    ...(source.url === null || source.username === null ? [] : [await checkV3(source, source.url)]),
    ...(source.url === null || !source.has.apiKey ? [] : [await checkApi(source, source.url)]),
  ];
}

async function checkDatabase(source: OpenSource): Promise<CheckedWay> {
  try {
    await using maas = await MaasDatabase.connect(source);
    const { rows, firstTime, lastTime, idType, serverVersion } = await maas.summary();
    await maas.place();
    return {
      way: "database",
      isUsable: true,
      problems: [],
      notes: [
        `PostgreSQL ${serverVersion}, ids are ${idType}: every event is seen, with address, agent and user`,
        ...(await hiddenPeople(maas)),
      ],
      version: null,
      rows,
      first: firstTime === null ? null : rfc3339Micros(firstTime),
      last: lastTime === null ? null : rfc3339Micros(lastTime),
    };
  } catch (error) {
    return { way: "database", isUsable: false, problems: [messageOf(error)], notes: [], ...nothing };
  }
}

/** What keeps that MAAS's users from reading their own events here. */
async function hiddenPeople(maas: MaasDatabase): Promise<readonly string[]> {
  try {
    await maas.person({ id: 0 });
    return [];
  } catch (error) {
    if (!(error instanceof PeopleHidden)) throw error;
    return [
      `people's ids are hidden, so that its administrators alone can log in here: run ${peopleGrant} TO the role`,
    ];
  }
}

async function checkV3(source: OpenSource, url: string): Promise<CheckedWay> {
  try {
    const version = await readVersion(url);
    const { total, newest } = await (await V3Reader.open(source)).summary();
    return {
      way: "v3",
      isUsable: true,
      problems: [],
      notes: [`MAAS ${version}: API v3 shows all events with address, agent and user id, and no endpoint`],
      ...nothing,
      version,
      rows: total,
      last: newest === undefined ? null : rfc3339Micros(newest.created),
    };
  } catch (error) {
    return { way: "v3", isUsable: false, problems: [messageOf(error)], notes: [], ...nothing };
  }
}

async function checkApi(source: OpenSource, url: string): Promise<CheckedWay> {
  try {
    const version = await readVersion(url);
    const who = await askMaas(url, parseApiKey(source.secret("apiKey") ?? ""), "users/?op=whoami");
    const isAdministrator = isSuperuserIn(who.body) === true;
    const problems = [
      ...(who.status === 200 ? [] : [`that MAAS refuses the API key (${who.status})`]),
      ...(who.status === 200 && !isAdministrator
        ? ["the API key isn't an administrator's: it shows its owner's events alone"]
        : []),
    ];
    return {
      way: "api2",
      isUsable: problems.length === 0,
      problems,
      notes: [`MAAS ${version}: ${hiddenBy(version)}`],
      ...nothing,
      version,
    };
  } catch (error) {
    return { way: "api2", isUsable: false, problems: [messageOf(error)], notes: [], ...nothing };
  }
}

/** What API 2.0 of that version leaves out. */
function hiddenBy(version: string): string {
  const others = "other events of nodes that still exist, all without address, agent and user id";
  return hidesAuditEvents(version)
    ? `API 2.0 shows audit events and ${others}; none of logins, passwords, tokens, keys, settings and users`
    : `API 2.0 shows all audit events, and ${others}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
