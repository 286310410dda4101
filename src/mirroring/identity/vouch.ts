import type { MirroredPerson } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { logVersion, VersionCache } from "../../database/version-cache.ts";
import type { ForeignKey, KeyHolder, KeyRequest, Vouch } from "../../http/authentication/caller.ts";
import { type Allowance, RateLimit } from "../../http/authentication/rate-limit.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { limiterAddress } from "../../http/request/client-address.ts";
import { Refusal } from "../../refusal.ts";
import { findTrustedSetting } from "../../settings/queries.ts";
import type { RunningServer } from "../../slice.ts";
import { isPartIssued } from "../../tokens/queries.ts";
import { peopleGrant } from "../database/maas-database.ts";
import { type OpenSource, openSource } from "../sources/source-queries.ts";
import { type KeyFault, recordKeyFailure } from "./identity-actions.ts";
import type { NobodyFound } from "./person.ts";
import { SourceAnswers, sourceAway } from "./source-answers.ts";

/** Sources whose rows are remembered while nothing changes. */
const rememberedMax = 1_000;
/** Keys from one address (IPv6: one /64) that no MAAS knew: as many as wrong passwords. */
const perAddress: Allowance = { burst: 30, refillMs: 10_000 };
/** Failures that are recorded one by one, from everywhere together. */
const recorded: Allowance = { burst: 100, refillMs: 3_000 };

export interface VouchParts extends Pick<RunningServer, "db" | "secrets" | "log"> {
  readonly unrecorded: Unrecorded;
}

/** Knows people of mirrored MAASes by the keys that they have there. Keeps no key: answers are remembered under a hash of it. */
export class Vouching implements Vouch {
  readonly #parts: VouchParts;
  readonly #sources = new VersionCache<OpenSource | undefined>(rememberedMax);
  readonly #defaults = new VersionCache<string>(1);
  readonly #answers: SourceAnswers;
  readonly #failures = new RateLimit(perAddress);
  readonly #recorded = new RateLimit(recorded);

  constructor(parts: VouchParts) {
    this.#parts = parts;
    this.#answers = new SourceAnswers(parts.log);
  }

  async byKey(key: ForeignKey, request: KeyRequest): Promise<KeyHolder | undefined> {
    if (request.source === null || !isKey(key)) return undefined;
    const source = await this.#findSource(request.source);
    if (source === undefined && request.source === undefined) return undefined;
    const parts = [key.consumerKey, key.tokenKey, key.secret];
    // The secret of a key that this server has issued may still be good: it goes nowhere, in whatever order its parts are sent.
    if (await isPartIssued(this.#parts.db, parts)) return undefined;
    const url = source?.url ?? null;
    // A name that is no source's is answered as a key that is nobody's: strangers needn't learn which there are.
    if (source === undefined || url === null) throw keyRefused(source?.name ?? request.source ?? "");
    const { found, isNew } = await this.#answers.byKey(source, url, key, () => this.#admit(request));
    if ("person" in found) return { person: found.person, ask: async () => this.#again(source, url, key) };
    await this.#record(request, source, found, isNew);
    throw refusalOf(source, found.fault);
  }

  async byId({ realm, realmUserId, created }: Parameters<Vouch["byId"]>[0]): Promise<MirroredPerson | undefined> {
    const source = await this.#findSource(realm);
    // What a source was is no longer so once it has changed.
    if (source === undefined || source.updated > created) return undefined;
    const found = await this.#answers.byId(source, realmUserId);
    return "person" in found ? found.person : undefined;
  }

  /** Counts the attempt before a MAAS is asked. Refuses an address that has sent too many wrong keys. Gives what takes it back. */
  #admit({ actor: { origin }, now }: KeyRequest): () => void {
    const address = limiterAddress(origin.ip);
    const waitMs = this.#failures.take(address, now / 1_000);
    if (waitMs === 0) return () => this.#failures.giveBack(address);
    this.#parts.unrecorded.count("tokens", address, undefined);
    const retryAfterSeconds = Math.ceil(waitMs / 1_000);
    const told = `Too many API keys from this address that let nobody in. Try again in ${retryAfterSeconds} seconds.`;
    throw new Refusal("too_many_requests", told, { retryAfterSeconds });
  }

  /** The source of that name, or the setting's; undefined where there is none or it isn't mirrored. */
  async #findSource(named: string | undefined): Promise<OpenSource | undefined> {
    const { db, secrets, log } = this.#parts;
    const version = await logVersion(db);
    const name = named ?? (await this.#defaults.get(version, "", () => defaultSource(db)));
    if (name === "") return undefined;
    return this.#sources.get(version, name, async () => {
      try {
        const source = await openSource(db, secrets, name);
        return source.isEnabled ? source : undefined;
      } catch (error) {
        if (error instanceof Refusal && error.code === "not_found") return undefined;
        log.warn({ err: error }, `could not open source '${name}'`);
        throw sourceAway(name);
      }
    });
  }

  async #again(before: OpenSource, url: string, key: ForeignKey): Promise<MirroredPerson | undefined> {
    const source = await this.#findSource(before.name);
    if (source === undefined || source.updated !== before.updated) return undefined;
    const { found } = await this.#answers.byKey(source, url, key);
    return "person" in found ? found.person : undefined;
  }

  async #record({ actor, now }: KeyRequest, source: OpenSource, found: NobodyFound, isNew: boolean): Promise<void> {
    if (isNew && this.#recorded.take("all", now / 1_000) === 0) {
      await perform(this.#parts.db, actor, recordKeyFailure, { source, ...found });
    } else {
      this.#parts.unrecorded.count("tokens", limiterAddress(actor.origin.ip), actor.user?.username);
    }
  }
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

function keyRefused(name: string): Refusal {
  return new Refusal("unauthenticated", `MAAS '${name.slice(0, 100)}' does not know this API key.`);
}

function refusalOf({ name, database }: OpenSource, fault: KeyFault): Refusal {
  switch (fault) {
    case "refused":
      return keyRefused(name);
    case "deactivated":
    case "unknown":
      return new Refusal("forbidden", "User is not allowed access to this API.");
    case "hidden":
      return new Refusal(
        "forbidden",
        database === null
          ? `Nothing tells which events of MAAS '${name}' are yours: it is mirrored without its database, which alone has the ids of its users.`
          : `Nothing tells which events of MAAS '${name}' are yours: its database's role needs ${peopleGrant}.`,
      );
  }
}
