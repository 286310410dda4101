import { hash } from "node:crypto";
import type { Actor, MirroredPerson } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { logVersion, VersionCache } from "../../database/version-cache.ts";
import type { Caller, ForeignKey, RequestFacts, Vouch } from "../../http/authentication/caller.ts";
import { type Allowance, RateLimit } from "../../http/authentication/rate-limit.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { limiterPrefix } from "../../http/request/client-address.ts";
import { Refusal } from "../../refusal.ts";
import { findTrustedSetting } from "../../settings/queries.ts";
import type { RunningServer } from "../../slice.ts";
import { type OpenSource, openSource } from "../sources/source-queries.ts";
import { type KeyFault, recordKeyFailure } from "./identity-actions.ts";
import { askPerson, type FoundPerson } from "./person.ts";

/** For so long a MAAS's word counts, good or bad: whoever is deactivated there is out here after it. */
const goodMs = 120_000;
const badMs = 10_000;
const rememberedMax = 10_000;
/** Keys from one address (IPv6: one /64) that no MAAS knew: as many as wrong passwords. */
const perAddress: Allowance = { burst: 30, refillMs: 10_000 };
/** Failures that are recorded one by one, from everywhere together. */
const recorded: Allowance = { burst: 100, refillMs: 3_000 };

export interface VouchParts extends Pick<RunningServer, "db" | "secrets" | "log"> {
  readonly unrecorded: Unrecorded;
}

interface Remembered {
  readonly untilMs: number;
  readonly found: FoundPerson;
}

/** Lets people of mirrored MAASes in by the keys that they have there. Keeps no key: answers are remembered under a hash of it. */
export function vouching(parts: VouchParts): Vouch {
  const { db, secrets, unrecorded, log } = parts;
  const sources = new VersionCache<OpenSource | undefined>(rememberedMax);
  const defaults = new VersionCache<string>(1);
  const people = new People(parts);
  const failures = new RateLimit(perAddress);
  const recordedFailures = new RateLimit(recorded);
  return async (key, facts, refuseReplay) => {
    const source = await findSource(facts);
    if (source === undefined || !isKey(key)) return undefined;
    const { url } = source;
    if (url === null) {
      throw new Refusal(
        "unauthenticated",
        `Authorization Error: its administrator has not entered where MAAS '${source.name}' answers, so that nobody can check its keys.`,
      );
    }
    const address = facts.ip === null ? "unknown" : limiterPrefix(facts.ip);
    const waitMs = failures.take(address, facts.now / 1_000);
    if (waitMs > 0) {
      unrecorded.count("tokens", address, undefined);
      const retryAfterSeconds = Math.ceil(waitMs / 1_000);
      const told = `Too many API keys from this address that let nobody in. Try again in ${retryAfterSeconds} seconds.`;
      throw new Refusal("too_many_requests", told, { retryAfterSeconds });
    }
    // Whatever else becomes of the request: what it costs that MAAS is bounded by the memory of its answers.
    let isKnownToFail = false;
    try {
      await refuseReplay();
      const { found, isNew } = await people.find(source, url, key);
      if ("person" in found) return callerOf(facts, found.person, async () => again(source, url, key));
      isKnownToFail = true;
      await recordFailure(facts, address, source, found, isNew);
      throw refusalOf(source, found.fault);
    } finally {
      if (!isKnownToFail) failures.giveBack(address);
    }
  };

  /** The source that is meant, if it is mirrored; refuses one that is named and isn't there. */
  async function findSource({ source: named }: Pick<RequestFacts, "source">): Promise<OpenSource | undefined> {
    const version = await logVersion(db);
    const name = named ?? (await defaults.get(version, "", () => defaultSource(db)));
    if (name === "") return undefined;
    return sources.get(version, name, async () => {
      try {
        const source = await openSource(db, secrets, name);
        return source.isEnabled ? source : undefined;
      } catch (error) {
        if (error instanceof Refusal && error.code === "not_found") return undefined;
        log.warn({ err: error }, `could not open source '${name}'`);
        throw away(name);
      }
    });
  }

  async function again(before: OpenSource, url: string, key: ForeignKey): Promise<MirroredPerson | undefined> {
    const source = await findSource({ source: before.name });
    if (source === undefined || source.updated !== before.updated) return undefined;
    const { found } = await people.find(source, url, key);
    return "person" in found ? found.person : undefined;
  }

  async function recordFailure(
    facts: RequestFacts,
    address: string,
    source: OpenSource,
    found: Extract<FoundPerson, { readonly fault: KeyFault }>,
    isNew: boolean,
  ): Promise<void> {
    if (!isNew || recordedFailures.take("all", facts.now / 1_000) > 0) {
      return unrecorded.count("tokens", address, undefined);
    }
    await perform(db, nobody(facts), recordKeyFailure, { source, ...found });
  }
}

/** What MAASes said of keys lately. */
class People {
  readonly #log: VouchParts["log"];
  readonly #remembered = new Map<string, Remembered>();
  readonly #asked = new Map<string, Promise<FoundPerson>>();

  constructor({ log }: VouchParts) {
    this.#log = log;
  }

  /** Who has the key. `isNew` where the MAAS was asked for it. Refuses with `source_away` where that can't be done. */
  async find(
    source: OpenSource,
    url: string,
    key: ForeignKey,
  ): Promise<{ readonly found: FoundPerson; readonly isNew: boolean }> {
    const id = idOf(source, key);
    const remembered = this.#remembered.get(id);
    if (remembered !== undefined && remembered.untilMs > performance.now()) {
      return { found: remembered.found, isNew: false };
    }
    const underWay = this.#asked.get(id);
    if (underWay !== undefined) return { found: await underWay, isNew: false };
    const asked = this.#ask(source, url, key);
    this.#asked.set(id, asked);
    try {
      const found = await asked;
      this.#remember(id, found);
      return { found, isNew: true };
    } finally {
      this.#asked.delete(id);
    }
  }

  async #ask(source: OpenSource, url: string, key: ForeignKey): Promise<FoundPerson> {
    try {
      return await askPerson(source, url, key);
    } catch (error) {
      this.#log.warn({ err: error }, `could not ask source '${source.name}' who has an API key`);
      throw away(source.name);
    }
  }

  #remember(id: string, found: FoundPerson): void {
    // Deleted first, so that the oldest stand first.
    this.#remembered.delete(id);
    this.#remembered.set(id, { found, untilMs: performance.now() + ("person" in found ? goodMs : badMs) });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > rememberedMax && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

function away(name: string): Refusal {
  return new Refusal("source_away", `MAAS '${name}' can't be asked who has this API key. Try again.`, {
    retryAfterSeconds: badMs / 1_000,
  });
}

/** Changes with the source, so that nothing is known of a key once its source has changed. */
function idOf({ uuid, updated, generation }: OpenSource, { consumerKey, tokenKey, secret }: ForeignKey): string {
  return hash("sha256", JSON.stringify([uuid, updated, generation, consumerKey, tokenKey, secret]), "base64");
}

async function defaultSource(db: Database): Promise<string> {
  const setting = await findTrustedSetting(db, "ironlog_default_source");
  // Whoever changed it by SQL must not choose where keys are sent.
  return setting !== "changed" && typeof setting.value === "string" ? setting.value : "";
}

/** Whether it can be a key of a MAAS's: anything else isn't sent. */
function isKey({ consumerKey, tokenKey, secret }: ForeignKey): boolean {
  return [consumerKey, tokenKey, secret].every((part) => /^[\x21-\x39\x3b-\x7e]{1,200}$/.test(part));
}

function refusalOf({ name }: OpenSource, fault: KeyFault): Refusal {
  switch (fault) {
    case "refused":
      return new Refusal("unauthenticated", `Authorization Error: MAAS '${name}' does not know this API key.`);
    case "deactivated":
    case "unknown":
      return new Refusal("forbidden", "User is not allowed access to this API.");
    case "hidden":
      return new Refusal(
        "forbidden",
        `Nothing tells which events of MAAS '${name}' are yours: its database's role needs GRANT SELECT (id, username, is_active, is_superuser) ON auth_user.`,
      );
  }
}

function nobody({ ip, userAgent, traceId, forwarded }: RequestFacts): Actor {
  return { user: null, origin: { ip, userAgent, endpoint: "API", traceId, forwarded } };
}

function callerOf(
  facts: RequestFacts,
  mirrored: MirroredPerson,
  ask: () => Promise<MirroredPerson | undefined>,
): Caller {
  return { actor: { ...nobody(facts), mirrored }, credentials: { kind: "mirrored", ask } };
}
