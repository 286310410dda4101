import {
  addFactor,
  beginFactor,
  type NewFactor,
  removeFactor,
  renewFactor,
  renewRecoveryCodes,
  resetFactors,
} from "../../../src/accounts/second-factor/factor-actions.ts";
import type { Factor, UsedFactor } from "../../../src/accounts/second-factor/factor.ts";
import { logIn } from "../../../src/accounts/sessions/session-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { type DatabaseWorld, newSession, now, rightPassword } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const codeHashes = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
/** The first rows of their tables. */
const app: UsedFactor = { kind: "totp", id: 1, name: "phone" };
const recoveryCode: UsedFactor = { kind: "recovery_code", id: 1, name: "" };
const factor: Factor = { kind: "totp", id: 1, uuid: "0-0-1", name: "phone", created: now, lastUsed: null };

function newApp({ bob }: DatabaseWorld): NewFactor {
  const made = { secret: Buffer.alloc(40, 3) };
  return {
    userId: bob.user.id,
    wasSetUp: false,
    uuid: factor.uuid,
    name: "phone",
    made,
    codeHashes,
    sessionId: undefined,
    now,
  };
}

function newPasskey(world: DatabaseWorld): NewFactor {
  const made = {
    rpId: "localhost",
    credentialId: Buffer.alloc(16, 4),
    publicKey: Buffer.alloc(77, 5),
    transports: "[]",
  };
  return { ...newApp(world), wasSetUp: true, uuid: "0-0-2", name: "laptop", made };
}

/** Gives bob an app and recovery codes. */
async function enrol(world: DatabaseWorld): Promise<void> {
  await perform(world.db, world.bob.actor, addFactor, newApp(world));
}

/** Second factors: setting them up, giving them, losing them. */
export const factorActionExamples: Readonly<Record<string, ActionExample>> = {
  "accounts/beginFactor": example(beginFactor, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, by: "password" as const },
  ]),
  "accounts/beginFactor (wrong)": example(beginFactor, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, by: "wrong" as const },
  ]),
  "accounts/addFactor": example(addFactor, (world) => [
    world.bob.actor,
    { ...newApp(world), sessionId: world.bob.sessionId },
  ]),
  "accounts/addFactor (one more)": example(addFactor, async (world) => {
    await enrol(world);
    return [world.bob.actor, newPasskey(world)];
  }),
  "accounts/addFactor (refused)": example(addFactor, (world) => [world.bob.actor, newPasskey(world)]),
  "accounts/renewFactor": example(renewFactor, async (world) => {
    await perform(world.db, world.bob.actor, addFactor, { ...newApp(world), sessionId: world.bob.sessionId });
    const { bob } = world;
    return [bob.actor, { userId: bob.user.id, by: recoveryCode, sessionId: bob.sessionId, now }];
  }),
  "accounts/removeFactor": example(removeFactor, async (world) => {
    await enrol(world);
    return [world.bob.actor, { userId: world.bob.user.id, by: app, factor, isNeeded: false, now }];
  }),
  "accounts/removeFactor (refused)": example(removeFactor, async (world) => {
    await enrol(world);
    return [world.bob.actor, { userId: world.bob.user.id, by: app, factor, isNeeded: true, now }];
  }),
  "accounts/renewRecoveryCodes": example(renewRecoveryCodes, async (world) => {
    await enrol(world);
    return [world.bob.actor, { userId: world.bob.user.id, by: app, codeHashes }];
  }),
  "accounts/resetFactors": example(resetFactors, async (world) => {
    await enrol(world);
    await perform(world.db, world.bob.actor, addFactor, newPasskey(world));
    return [world.ada.actor, { username: "bob", now }];
  }),
  "accounts/resetFactors (refused)": example(resetFactors, ({ ada }) => [ada.actor, { username: "bob", now }]),
  "accounts/logIn (asked for the factor)": example(logIn, async (world) => {
    await enrol(world);
    return [
      { ...world.bob.actor, user: null },
      { attempt: { ...rightPassword(world.bob.user), factor: "asked" as const }, session: newSession("bob-2") },
    ];
  }),
  "accounts/logIn (recovery code)": example(logIn, async (world) => {
    await enrol(world);
    return [
      { ...world.bob.actor, user: null },
      { attempt: { ...rightPassword(world.bob.user), factor: recoveryCode }, session: newSession("bob-2") },
    ];
  }),
};
