import { perform } from "../../../src/audit/perform.ts";
import {
  recordReceipt,
  recordRecovery,
  recordRejection,
  recordStall,
} from "../../../src/forwarding/delivery/delivery-actions.ts";
import { orderDeadLetters } from "../../../src/forwarding/destinations/dead-letter-actions.ts";
import {
  createDestination,
  deleteDestination,
  type NewDestination,
  pauseDestination,
  recordTest,
  replayDestination,
  resumeDestination,
  updateDestination,
} from "../../../src/forwarding/destinations/destination-actions.ts";
import type { Destination } from "../../../src/forwarding/destinations/destination.ts";
import { type DatabaseWorld, machine, now } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const sealed = Buffer.from("sealed");
const name = "siem";

const newDestination: NewDestination = {
  uuid: "00000000-0000-4000-8000-000000000003",
  name,
  transport: "elasticsearch",
  format: "ecs",
  settings: { url: "https://elastic.example.com:9200", index: "ironlog" },
  secrets: { token: sealed },
  filter: ["owner:ada", "action:auth.*"],
  exclude: ["outcome:failure"],
  isPaused: false,
  startsAfter: 0,
  now,
};

const withDestination = ({ db, ada }: DatabaseWorld, isPaused = false): Promise<Destination> =>
  perform(db, ada.actor, createDestination, { ...newDestination, isPaused });

const stateOf = (destination: Destination) => ({ destination, event: 3, leafHash: Buffer.alloc(32), delivered: 2 });

/** Destinations, and what is recorded of deliveries. */
export const destinationActionExamples: Readonly<Record<string, ActionExample>> = {
  "forwarding/createDestination": example(createDestination, ({ ada }) => [
    ada.actor,
    { ...newDestination, startsAfter: "now" as const },
  ]),
  "forwarding/updateDestination": example(updateDestination, async (world) => {
    await withDestination(world);
    const settings = { index: "audit", ca: null };
    return [world.ada.actor, { name, settings, secrets: { token: null }, filter: ["owner:bob"], now: now + 1 }];
  }),
  "forwarding/deleteDestination": example(deleteDestination, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name }];
  }),
  "forwarding/pauseDestination": example(pauseDestination, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name, why: "administrator" as const, now: now + 1 }];
  }),
  "forwarding/pauseDestination (gone)": example(pauseDestination, async (world) => {
    await withDestination(world);
    return [machine, { name, why: "gone" as const, now: now + 1 }];
  }),
  "forwarding/resumeDestination": example(resumeDestination, async (world) => {
    await withDestination(world, true);
    return [world.ada.actor, { name, now: now + 1 }];
  }),
  "forwarding/replayDestination": example(replayDestination, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name, startsAfter: 1, now: now + 1 }];
  }),
  "forwarding/recordTest": example(recordTest, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name }];
  }),
  "forwarding/orderDeadLetters (resend)": example(orderDeadLetters, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name, does: "resend" as const, event: 2, doneTo: 0, now: now + 1 }];
  }),
  "forwarding/orderDeadLetters (drop)": example(orderDeadLetters, async (world) => {
    await withDestination(world);
    return [world.ada.actor, { name, does: "drop" as const, event: null, doneTo: 0, now: now + 1 }];
  }),
  "forwarding/recordReceipt": example(recordReceipt, async (world) => [machine, stateOf(await withDestination(world))]),
  "forwarding/recordStall": example(recordStall, async (world) => [
    machine,
    { ...stateOf(await withDestination(world)), leafHash: null, why: "connection refused" },
  ]),
  "forwarding/recordRejection": example(recordRejection, async (world) => [
    machine,
    { destination: await withDestination(world), count: 2, first: 3, last: 9, why: "too old" },
  ]),
  "forwarding/recordRecovery": example(recordRecovery, async (world) => [
    machine,
    stateOf(await withDestination(world)),
  ]),
};
