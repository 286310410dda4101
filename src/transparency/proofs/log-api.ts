import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../../database/database.ts";
import type { ApiParts } from "../../http/operations/api-parts.ts";
import { isLoggedIn } from "../../http/authentication/acting-user.ts";
import { carryOut } from "../../http/operations/carry-out.ts";
import { findRefusal } from "../../http/operations/find-refusal.ts";
import { Parameters } from "../../http/maas/parameters/parameters.ts";
import { requestFacts, splitUrl } from "../../http/request/request-facts.ts";
import { refusalStatus } from "../../http/operations/refusal-status.ts";
import { Refusal } from "../../refusal.ts";
import { readsOf } from "../../events/reading/reads.ts";
import { nowMicros } from "../../time.ts";
import { getSetting } from "../../settings/queries.ts";
import { entryBundle, parseTilePath, type Tile } from "../../verifiable-log/tile-path.ts";
import { fieldsOf } from "../../verifiable-log/event-fields.ts";
import { leafBytes } from "../../verifiable-log/leaf.ts";
import { tileWidth } from "../../verifiable-log/tree.ts";
import { findNewestCheckpoint, readHashes } from "../queries.ts";

/**
 * Serves the log to those who check it: C2SP tlog-tiles below `/log/`. The checkpoint and the hashes are for everybody, since
 * they name nobody; the leaves are for administrators and auditors, unless a setting publishes them.
 */
export function openLogApi(app: FastifyInstance, parts: ApiParts): void {
  app.get("/log/checkpoint", { exposeHeadRoute: true }, (_request, reply) =>
    answer(reply, async () => checkpoint(parts.db)),
  );
  app.get("/log/tile/*", { exposeHeadRoute: true }, (request, reply) =>
    answer(reply, async () => {
      const path = (request.params as { readonly "*": string })["*"];
      const tile = parseTilePath(path);
      if (tile === undefined) throw new Refusal("not_found", `There is no tile '${path.slice(0, 100)}'.`);
      const read = async (): Promise<Content> => readTile(parts.db, tile);
      return tile.level === "entries" ? readEntries(request, parts, read) : read();
    }),
  );
  for (const url of ["/log/checkpoint", "/log/tile/*"]) {
    const method = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    // Before a body is looked at, which may be anything.
    app.route({ url, method, onRequest: refuseMethod, handler: refuseMethod });
  }
}

async function refuseMethod({ method }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(405).header("allow", "GET, HEAD").header("content-type", "text/plain; charset=utf-8");
  return reply.header("cache-control", "no-store").send(`The log is read with GET or HEAD, not with ${method}.\n`);
}

interface Content {
  readonly type: string;
  readonly cacheControl: string;
  readonly body: Buffer;
}

const immutable = "max-age=31536000, immutable";

async function answer(reply: FastifyReply, read: () => Promise<Content>): Promise<FastifyReply> {
  try {
    const { type, cacheControl, body } = await read();
    return reply.code(200).header("content-type", type).header("cache-control", cacheControl).send(body);
  } catch (error) {
    const refusal = findRefusal(error, reply.log);
    if (refusal === undefined) throw error;
    if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
    if (refusal.code === "unauthenticated") reply.header("www-authenticate", 'Bearer realm="ironlog"');
    reply.code(refusalStatus[refusal.code]).header("content-type", "text/plain; charset=utf-8");
    return reply.header("cache-control", "no-store").send(Buffer.from(`${refusal.message}\n`, "utf8"));
  }
}

async function checkpoint(db: Database): Promise<Content> {
  const newest = await findNewestCheckpoint(db);
  if (newest === undefined) throw new Refusal("not_found", "The log has not signed a checkpoint yet.");
  return { type: "text/plain; charset=utf-8", cacheControl: "no-cache", body: Buffer.from(newest.note, "utf8") };
}

/** Entries are for administrators and auditors, unless a setting publishes them. */
async function readEntries(request: FastifyRequest, parts: ApiParts, read: () => Promise<Content>): Promise<Content> {
  if ((await getSetting(parts.db, "ironlog_publish_log_entries")) === true) return read();
  return carryOut(parts, requestFacts(request, Parameters.none, Parameters.none, parts.site), {
    isPublic: false,
    choose({ actor }) {
      if (!isLoggedIn(actor)) {
        throw new Refusal(
          "unauthenticated",
          "The log's entries are for administrators and auditors: send 'Authorization: Bearer APIKEY'.",
        );
      }
      return {
        // A user's key with events:read shows the user's own events; here are all of them.
        access: { who: "auditor", scope: "events:read", needsRight: true },
        kind: "query",
        refused: { operation: "GET /log/tile/entries", path: splitUrl(request.url).path },
        forbidden: "The log's entries are for administrators and auditors.",
        async work() {
          // Leaves carry away what proofs do.
          await readsOf(parts.db).note({ actor, now: nowMicros() }, "proof");
          return read();
        },
      };
    },
  });
}

/** A tile of the tree as it is now; what a checkpoint covers is in it. */
async function readTile(db: Database, { level, index, width }: Tile): Promise<Content> {
  const first = index * tileWidth;
  if (level === "entries") {
    const rows = await db
      .selectFrom("event")
      .select([...fieldsOf("leaf"), "commitments"])
      .where("id", ">", first)
      .where("id", "<=", first + width)
      .orderBy("id")
      .execute();
    if (rows.length < width) throw missing();
    // Who may read them can change, so no cache in between keeps them.
    return {
      ...tileContent(entryBundle(rows.map((row) => leafBytes(row, row.commitments)))),
      cacheControl: `private, ${immutable}`,
    };
  }
  const hashes = await readHashes(db, level, first, width);
  if (hashes.length < width) throw missing();
  return tileContent(Buffer.concat(hashes));
}

function tileContent(body: Buffer): Content {
  return { type: "application/octet-stream", cacheControl: immutable, body };
}

function missing(): Refusal {
  return new Refusal("not_found", "The log has not grown so far.");
}
