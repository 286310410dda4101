import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import type { WorkerDesk } from "../../following/workers.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { bodyOf } from "../../http/native/resource.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { TestDelivery } from "../delivery/test-delivery.ts";
import {
  createDestination,
  deleteDestination,
  pauseDestination,
  recordTest,
  replayDestination,
  resumeDestination,
  updateDestination,
} from "./destination-actions.ts";
import { parseDestinationBody } from "./destination-body.ts";
import { getDestination, listDestinations } from "./destination-queries.ts";
import { destinationSchema, editableDestination, startField, transportField } from "./destination-schema.ts";
import { parseStart } from "./destination-start.ts";
import { shownDestinations, withState } from "./destination-state.ts";
import { parseDestinationName, parseFormat } from "./destination.ts";

export interface DestinationParts {
  readonly workers: WorkerDesk;
  /** Undefined where somebody only looks at the operations, as is what follows. */
  readonly secrets?: Secrets;
  readonly test?: TestDelivery;
}

const columns = ["name", "transport", "state", "delivered_to", "behind", "dead_letters", "last_error"] as const;

/** Where events are sent to. */
export function destinationOperations(parts: DestinationParts): readonly NativeOperation[] {
  return [...reading(parts), ...changing(parts), ...steering(parts), testing(parts)];
}

const reading = ({ workers }: DestinationParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/destinations",
    method: "GET",
    id: "listDestinations",
    command: ["destinations", "list"],
    columns,
    who: "auditor",
    summary: "List destinations",
    answer: { status: 200, description: "By name, without their secrets.", schema: listOf(destinationSchema) },
    does: ({ query }) =>
      query(async ({ db }) => ({
        status: 200,
        body: nativeList(await shownDestinations(db, workers, await listDestinations(db))),
      })),
  }),
  nativeOperation({
    path: "/destinations/{name}",
    method: "GET",
    id: "readDestination",
    command: ["destinations", "read"],
    who: "auditor",
    summary: "Read a destination",
    answer: { status: 200, description: "The destination, without its secrets.", schema: destinationSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => ({
        status: 200,
        body: await withState(db, workers, await getDestination(db, request.path["name"] ?? "")),
      })),
  }),
];

const changing = ({ workers, secrets }: DestinationParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/destinations",
    method: "POST",
    id: "createDestination",
    command: ["destinations", "create"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Send events somewhere",
    description:
      "Every event that matches is sent there, in order, at least once. It begins at once, unless is_enabled is false.",
    body: bodyOf({
      name: Type.String({ description: "1 to 40 small letters, digits and hyphens." }),
      transport: transportField,
      ...editableDestination,
      start: Type.Optional(startField),
      is_enabled: Type.Optional(Type.Boolean({ description: "True unless given." })),
    }),
    answer: { status: 201, description: "The new destination.", schema: destinationSchema },
    does: ({ command }) =>
      command({
        action: createDestination,
        async input({ db, now, request: { body } }) {
          const uuid = randomUUID();
          const { name, transport, format, start = "now", is_enabled: isEnabled = true, ...given } = body;
          const parsed = parseDestinationBody(transport, given, secrets, uuid);
          const settings = Object.fromEntries(Object.entries(parsed.settings).filter(([, value]) => value !== null));
          return {
            uuid,
            name: parseDestinationName(name),
            transport,
            format: parseFormat(transport, format),
            settings,
            secrets: parsed.secrets,
            filter: given.filter ?? [],
            exclude: given.exclude ?? [],
            isPaused: !isEnabled,
            startsAfter: await parseStart(db, start),
            now,
          };
        },
        output: async (destination, { db }) => ({ status: 201, body: await withState(db, workers, destination) }),
      }),
  }),
  nativeOperation({
    path: "/destinations/{name}",
    method: "PATCH",
    id: "updateDestination",
    command: ["destinations", "update"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Change a destination",
    description:
      "Another filter holds of the events behind the one that tells of it. A secret that was entered for another address must be entered again.",
    body: bodyOf(editableDestination),
    answer: { status: 200, description: "The destination as it is now.", schema: destinationSchema },
    does: ({ command }) =>
      command({
        action: updateDestination,
        async input({ db, now, request: { path, body } }) {
          const { name, uuid, transport } = await getDestination(db, path["name"] ?? "");
          const { format, ...given } = body;
          return {
            name,
            ...(format !== undefined && { format: parseFormat(transport, format) }),
            ...parseDestinationBody(transport, given, secrets, uuid),
            now,
          };
        },
        output: async ({ after }, { db }) => ({ status: 200, body: await withState(db, workers, after) }),
      }),
  }),
  nativeOperation({
    path: "/destinations/{name}",
    method: "DELETE",
    id: "deleteDestination",
    command: ["destinations", "delete"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Delete a destination",
    description: "Nothing more is sent to it; its dead letters go.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteDestination,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
];

const steering = ({ workers }: DestinationParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/destinations/{name}/pause",
    method: "POST",
    id: "pauseDestination",
    command: ["destinations", "pause"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Send nothing more for now",
    answer: { status: 200, description: "The destination as it is now.", schema: destinationSchema },
    does: ({ command }) =>
      command({
        action: pauseDestination,
        input: async ({ now, request: { path } }) => ({ name: path["name"] ?? "", why: "administrator" as const, now }),
        output: async ({ after }, { db }) => ({ status: 200, body: await withState(db, workers, after) }),
      }),
  }),
  nativeOperation({
    path: "/destinations/{name}/resume",
    method: "POST",
    id: "resumeDestination",
    command: ["destinations", "resume"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Send on from where it was paused",
    answer: { status: 200, description: "The destination as it is now.", schema: destinationSchema },
    does: ({ command }) =>
      command({
        action: resumeDestination,
        input: async ({ now, request: { path } }) => ({ name: path["name"] ?? "", now }),
        output: async ({ after }, { db }) => ({ status: 200, body: await withState(db, workers, after) }),
      }),
  }),
  nativeOperation({
    path: "/destinations/{name}/replay",
    method: "POST",
    id: "replayDestination",
    command: ["destinations", "replay"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Send again from some event on",
    description: "By the filter that it has now. What lies between is sent again, or left out.",
    body: bodyOf({ start: startField }),
    answer: { status: 200, description: "The destination as it is now.", schema: destinationSchema },
    does: ({ command }) =>
      command({
        action: replayDestination,
        input: async ({ db, now, request: { path, body } }) => ({
          name: path["name"] ?? "",
          startsAfter: await parseStart(db, body.start),
          now,
        }),
        output: async ({ after }, { db }) => ({ status: 200, body: await withState(db, workers, after) }),
      }),
  }),
];

const testing = ({ test }: DestinationParts): NativeOperation =>
  nativeOperation({
    path: "/destinations/{name}/test",
    method: "POST",
    id: "testDestination",
    command: ["destinations", "test"],
    who: "administrator",
    summary: "Send a test",
    description:
      "Records an event, and sends that one at once, whatever the filter and even where the destination is paused.",
    answer: {
      status: 200,
      description: "Whether the receiver has acknowledged it.",
      schema: Type.Object({
        event: Type.Integer({ description: "The event that was sent." }),
        is_delivered: Type.Boolean(),
        why: Type.Union([Type.String(), Type.Null()], { description: "Why it wasn't." }),
      }),
    },
    does: ({ command }) =>
      command({
        action: recordTest,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        async output({ destination, eventId: event }, { db }) {
          const why = (await test?.(db, destination.name, event)) ?? null;
          return { status: 200, body: { event, is_delivered: why === null, why } };
        },
      }),
  });
