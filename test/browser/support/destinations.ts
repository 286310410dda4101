import assert from "node:assert/strict";
import { keepBooks } from "../../../src/database/writing/bookkeeping.ts";
import { getDestination } from "../../../src/forwarding/destinations/destination-queries.ts";
import { firstPosition, moveDeliveryPosition } from "../../../src/forwarding/delivery/position.ts";
import type { TestServer } from "../../support/server.ts";
import { now } from "../../support/worlds/database-world.ts";
import { admin } from "../../support/worlds/people.ts";

/** A destination with nobody behind it, which is sent nothing. */
export async function addPaused(at: TestServer, more: object = {}): Promise<void> {
  const body = { name: "siem", transport: "syslog", url: "tls://127.0.0.1:1", is_enabled: false, ...more };
  assert.equal((await admin(at).native.ask("POST", "destinations", body)).status, 201);
}

/** Says that it has refused these events for good, as its worker notes it. */
export async function refuse(at: TestServer, events: readonly number[]): Promise<void> {
  const db = at.database?.db;
  assert.ok(db !== undefined);
  const destination = await getDestination(db, "siem");
  const refused = events.map((id) => ({
    event_id: id,
    why: "the receiver refuses this",
    tries: 5,
    format: "json",
    noted: now,
  }));
  const settled = { refused, taken: [] };
  await moveDeliveryPosition((work) => keepBooks(db, work), destination, firstPosition(destination, now), settled);
}
