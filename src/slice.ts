import type { FastifyInstance } from "fastify";
import type { PasswordHasher } from "./accounts/passwords/password.ts";
import type { Actor } from "./audit/actor.ts";
import type { ServerConfig } from "./config.ts";
import type { Database, OpenDatabase } from "./database/database.ts";
import type { OwnedTables } from "./database/owned-tables.ts";
import type { Worker } from "./following/worker.ts";
import type { WorkerDesk } from "./following/workers.ts";
import type { Authenticate, Vouch } from "./http/authentication/caller.ts";
import type { Unrecorded } from "./http/authentication/unrecorded.ts";
import type { MaasOperation } from "./http/maas/operation.ts";
import type { FindEnd } from "./http/native/end-reason.ts";
import type { NativeOperation } from "./http/native/operation.ts";
import type { ApiParts } from "./http/operations/api-parts.ts";
import type { Logger } from "./logger.ts";
import type { Secrets } from "./secrets/secrets.ts";
import type { CommandBody, CommandEntry } from "./terminal/local-command.ts";

/**
 * The face of a slice: all that the program takes from it. It is read by every command, also those of a client that must not
 * load the server; what needs the server's code is loaded when it is called for.
 */
export interface Slice {
  /** The name of its folder. */
  readonly name: string;
  /** Its tables, each behind those that it refers to. */
  tables?(): Promise<OwnedTables>;
  /** Commands that work on this machine's data. */
  readonly commands?: readonly SliceCommand[];
  /** What it does in a server. */
  serve?(context: SliceContext): Promise<ServedSlice>;
}

export interface SliceCommand extends Omit<CommandEntry, "load"> {
  /** Loads the command; `tables` gives those of all slices. */
  load(tables: () => Promise<OwnedTables>): Promise<CommandBody>;
}

/** What a server gives its slices. */
export interface SliceContext {
  /** Counts what is not recorded one by one. */
  readonly unrecorded: Unrecorded;
  /** What the server's workers can be asked, and how more of them come. */
  readonly workers: WorkerDesk;
  /** Why a caller's session or key has ended, for answers that last. */
  readonly findEnd: FindEnd;
  /** The server that runs; undefined where somebody only looks at the operations. */
  readonly server?: RunningServer;
}

export interface RunningServer {
  readonly db: Database;
  readonly database: OpenDatabase;
  readonly config: ServerConfig;
  readonly machine: Actor;
  readonly log: Logger;
  readonly passwords: PasswordHasher;
  /** Keeps what other systems' secrets are. */
  readonly secrets: Secrets;
  /** The program's main file, for workers that run it. */
  readonly mainFile: string;
  /** Where it listens; undefined before it does. */
  readonly listensAt: () => string | undefined;
  /** Whether it looks by the rules that come with Ironlog while nobody has changed them. */
  readonly looksByShippedRules: boolean;
  /** Whether it keeps a search index; without one, rows are searched. */
  readonly keepsSearchIndex: boolean;
  /** When this server took its data folder, in seconds since 1970 UTC. */
  readonly lockedAtSeconds: number;
}

/** A value for Prometheus, asked for at each scrape; undefined where there is none yet. */
export type SliceGauge = readonly [name: string, help: string, read: () => Promise<number | undefined>];

/** The same of several things that a label tells apart. */
export type SliceGaugeOf = readonly [
  label: string,
  name: string,
  help: string,
  read: () => Promise<ReadonlyMap<string, number>>,
];

/** What makes a server that works less than it should be, in the order in which it is told. */
export const troubleNames = [
  "not signing",
  "damage",
  "not verified",
  "verification off",
  "verification absent",
  "watch stale",
  "log behind",
] as const;

/** Why a server is degraded: for everybody in one word or two, for administrators in a sentence. */
export interface Trouble {
  readonly name: (typeof troubleNames)[number];
  readonly what: string;
}

/** What a slice says of itself. */
export interface SliceState {
  /** Lines for `/readyz`: states alone, or with times, numbers and reasons. */
  describe(isDetailed: boolean): readonly string[];
  readonly troubles: readonly Trouble[];
}

/** What a slice has in a server. */
export interface ServedSlice {
  readonly maas?: readonly MaasOperation[];
  readonly native?: readonly NativeOperation[];
  readonly workers?: readonly Worker[];
  readonly gauges?: readonly SliceGauge[];
  readonly gaugesOf?: readonly SliceGaugeOf[];
  /** Of one slice alone: makes what turns credentials into an actor. */
  readonly authenticate?: (vouch: Vouch | undefined) => Authenticate;
  /** Of one slice alone: who has a key that isn't this server's. */
  readonly vouch?: Vouch;
  /** How it is doing. Throws where the database can't be asked. */
  judge?(): Promise<SliceState>;
  /** Lines for `/readyz` that need no database. */
  describeAlone?(): readonly string[];
  /** Adds routes that belong to neither API. */
  openRoutes?(app: FastifyInstance, parts: ApiParts): void;
  /** Waits until the server may listen. */
  beforeListening?(): Promise<void>;
}
