import { perform } from "../../../src/audit/perform.ts";
import { linkRealmIdentity, unlinkRealmIdentity } from "../../../src/accounts/realms/realm-identity-actions.ts";
import {
  endRealmSessions,
  openRealmSession,
  recordKeyFailure,
} from "../../../src/mirroring/identity/identity-actions.ts";
import { recordDifference, recordMirrored, recordSetBack } from "../../../src/mirroring/recording/mirror-actions.ts";
import type { MaasEvent } from "../../../src/mirroring/recording/mirrored-event.ts";
import {
  continueSource,
  createSource,
  deleteSource,
  updateSource,
} from "../../../src/mirroring/sources/source-actions.ts";
import type { Source, SourceSettings } from "../../../src/mirroring/sources/source.ts";
import { type DatabaseWorld, machine, newSession, now } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const settings: SourceSettings = {
  name: "prod",
  database: "postgres://ironlog_mirror@maas-db/maasdb",
  url: "https://maas.example.com/MAAS",
  username: "boss",
  allowsPlainHttp: false,
  isEnabled: true,
};

const uuid = "00000000-0000-4000-8000-000000000002";
const sealed = Buffer.from("sealed");
const newSource = { uuid, settings, secrets: { databasePassword: sealed, apiKey: sealed, password: sealed }, now };

const withSource = ({ db, ada }: DatabaseWorld): Promise<Source> => perform(db, ada.actor, createSource, newSource);

const row = (id: number): MaasEvent => ({
  id,
  created: now,
  type: "AUTHORISATION",
  typeWords: "Authorisation",
  level: 0,
  action: "",
  description: "Created token.",
  systemId: null,
  hostname: "",
  username: "bob",
  userId: 7,
  ip: "192.0.2.7",
  userAgent: "curl",
  endpoint: 0,
});

const linkOf = ({ user }: DatabaseWorld["ada"]) => {
  const person = { realm: "prod", generation: 1, realmUserId: 7, username: "bob", readsRealm: false };
  return { user, person, now };
};

/** Mirrored sources, and what is recorded of them. */
export const sourceActionExamples: Readonly<Record<string, ActionExample>> = {
  "mirroring/createSource": example(createSource, ({ ada }) => [ada.actor, newSource]),
  "mirroring/updateSource": example(updateSource, async (world) => {
    await withSource(world);
    const changes = { url: "https://other.example.com/MAAS", isEnabled: false };
    return [world.ada.actor, { name: "prod", changes, secrets: { apiKey: null, password: sealed }, now: now + 1 }];
  }),
  "mirroring/recordKeyFailure": example(recordKeyFailure, async (world) => {
    const source = await withSource(world);
    return [
      { ...world.ada.actor, user: null },
      { source, fault: "deactivated" as const, username: "bob" },
    ];
  }),
  "mirroring/openRealmSession": example(openRealmSession, async (world) => {
    await withSource(world);
    const person = { realm: "prod", generation: 1, realmUserId: 7, username: "bob", readsRealm: false };
    const { origin } = world.ada.actor;
    const session = { ...newSession("bob-at-prod"), factorAt: null };
    return [
      { user: null, origin },
      { person, session },
    ];
  }),
  "mirroring/endRealmSessions": example(endRealmSessions, async (world) => {
    await withSource(world);
    return [world.ada.actor, { name: "prod" }];
  }),
  "accounts/linkRealmIdentity": example(linkRealmIdentity, ({ ada }) => [ada.actor, linkOf(ada)]),
  "accounts/unlinkRealmIdentity": example(unlinkRealmIdentity, async ({ db, ada }) => {
    const { identity } = await perform(db, ada.actor, linkRealmIdentity, linkOf(ada));
    return [ada.actor, { user: ada.user, id: identity.id }];
  }),
  "mirroring/deleteSource": example(deleteSource, async (world) => {
    await withSource(world);
    return [world.ada.actor, { name: "prod" }];
  }),
  "mirroring/continueSource": example(continueSource, async (world) => {
    await withSource(world);
    return [world.ada.actor, { name: "prod", now: now + 1 }];
  }),
  "mirroring/recordMirrored": example(recordMirrored, async (world) => {
    const source = await withSource(world);
    await perform(world.db, machine, recordMirrored, { source, rows: [row(1)] });
    return [machine, { source, rows: [row(1), row(2), row(4)] }];
  }),
  "mirroring/recordDifference (changed)": example(recordDifference, async (world) => {
    const source = await withSource(world);
    return [machine, { source, state: "changed", runs: [{ first: 2, last: 2 }] } as const];
  }),
  "mirroring/recordDifference (vanished)": example(recordDifference, async (world) => {
    const source = await withSource(world);
    return [
      machine,
      {
        source,
        state: "vanished",
        runs: [
          { first: 1, last: 1 },
          { first: 3, last: 9 },
        ],
      } as const,
    ];
  }),
  "mirroring/recordSetBack": example(recordSetBack, async (world) => {
    const source = await withSource(world);
    return [machine, { source, reason: "event 7 is another one there now" }];
  }),
};
