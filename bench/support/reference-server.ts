import { fastify } from "fastify";
import { postgresAt, sqliteAt } from "../../test/support/databases/locations.ts";
import { authentication } from "../../src/accounts/sessions/authentication.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { renderEventPage, shownColumns } from "../../src/events/rendering/maas-rendering.ts";
import { parseTrustedProxies } from "../../src/http/request/client-address.ts";
import { Parameters, parseQuery } from "../../src/http/maas/parameters/parameters.ts";
import { Unrecorded } from "../../src/http/authentication/unrecorded.ts";
import { requestFacts, splitUrl } from "../../src/http/request/request-facts.ts";

// What `events-page` is measured against: the same authentication and rendering, over rows held in memory, on a bare
// Fastify route. And for `events-page-limit`, the same bytes from memory.

const [place = "", keyFolder] = process.argv.slice(2);
const { db, nonces } = await openDatabase(
  place.startsWith("postgres:") ? postgresAt(place, keyFolder) : sqliteAt(place),
);
const rows = await db
  .selectFrom("event")
  .select([...shownColumns])
  .where("level", "=", 0)
  .orderBy("id", "desc")
  .limit(100)
  .execute();
const authenticate = authentication({
  db,
  unrecorded: new Unrecorded(),
  nonces: { shared: nonces, sinceSeconds: 0, before: new Set() },
  sessionUses: { note() {} },
  tokenUses: { note() {} },
  vouch: undefined,
});
const site = {
  url: undefined,
  basePath: "",
  isTls: false,
  trustedProxies: parseTrustedProxies([]),
  trustedHeader: "x-forwarded-for" as const,
  hosts: new Set<string>(),
};
const links = (): [string, string] => [
  `/MAAS/api/2.0/events/?op=query&level=AUDIT&after=${rows[0]?.id}`,
  `/MAAS/api/2.0/events/?op=query&level=AUDIT&before=${rows.at(-1)?.id}`,
];
const bytes = Buffer.from(renderEventPage(rows, ...links()), "utf8");

const app = fastify();
app.get("/MAAS/api/2.0/events/", async (request, reply) => {
  const { query } = splitUrl(request.url);
  const caller = await authenticate(requestFacts(request, parseQuery(query), Parameters.none, site));
  if (caller.actor.user === null) return reply.code(401).send();
  reply.header("content-type", "application/json; charset=utf-8");
  return Buffer.from(renderEventPage(rows, ...links()), "utf8");
});
app.get("/bytes", async (_request, reply) => {
  reply.header("content-type", "application/json; charset=utf-8");
  return bytes;
});
process.stdout.write(`reference at ${await app.listen({ host: "127.0.0.1", port: 0 })}\n`);
process.on("SIGTERM", () => process.exit(0));
