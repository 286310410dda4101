import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import sirv from "sirv";
import { isSecure, type Site, splitUrl } from "./request/request-facts.ts";

/** Everything comes from this server, no script stands in a page, and nobody else may show it in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** The addresses of the browser application's routes, all of which begin with the same file; `$` stands for a name. */
const applicationPaths = [
  "/",
  "/login",
  "/integrity",
  "/alerts",
  "/alerts/rules",
  "/destinations",
  "/machines",
  "/machine",
  "/machine/$",
  "/machine/$/events",
  "/users",
  "/users/$",
  "/users/$/events",
  "/settings",
  "/settings/configuration/general",
  "/settings/configuration/sign-in",
  "/settings/configuration/sources",
  "/settings/user-management/users",
  "/settings/user-management/access",
  "/settings/scripts",
  ...["commissioning", "testing"].flatMap((kind) => [`/settings/scripts/${kind}`, `/settings/scripts/${kind}/$`]),
  "/account",
  "/account/prefs",
  "/account/prefs/details",
  "/account/prefs/sessions",
  "/account/prefs/second-factor",
  "/account/prefs/api-keys",
  "/account/prefs/ssh-keys",
  "/account/prefs/ssl-keys",
];

// The application takes one slash more at the end.
const applicationPath = new RegExp(`^(?:${applicationPaths.join("|").replaceAll("$", "[^/]+")})/?$`);

/** Whether the browser application has a page at a path. */
export function isPage(path: string): boolean {
  return applicationPath.test(path);
}

/** Serves the browser application from the folder that `npm run build` writes; without it, says how to get it. */
export function openPages(app: FastifyInstance, folder: string, site: Site, version: string): void {
  if (!existsSync(path.join(folder, "index.html"))) {
    app.get("/", async (_request, reply) => {
      reply.header("content-type", "text/plain; charset=utf-8");
      return `Ironlog ${version}. Its pages are not built: run 'npm run build' and start it again. The API is described at /api/v1/openapi.json and /MAAS/api/2.0/describe/.\n`;
    });
    return;
  }
  // It lists the files as it starts, so no other path ever reaches the disk, and sends those that are compressed already.
  const files = sirv(folder, { brotli: true, gzip: true });
  const tags = contentTags(folder);
  const base = site.basePath;
  const first = readFileSync(path.join(folder, "index.html"), "utf8");
  const start = base === "" ? undefined : startBelow(first, base);
  const sendHead = (reply: FastifyReply): FastifyReply =>
    reply.headers({
      "content-security-policy": policy,
      "referrer-policy": "same-origin",
      // Browsers complain of it where the connection can't be trusted.
      ...(isSecure(site) && { "cross-origin-opener-policy": "same-origin" }),
    });
  const send = (request: FastifyRequest, reply: FastifyReply, file: string): FastifyReply => {
    if (start !== undefined && file === "/index.html") {
      const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
      return sendHead(reply).headers(headers).send(start);
    }
    const { raw } = request;
    const tag = tags.get(splitUrl(file).path);
    if (tag === undefined) return sendNothing(request, reply);
    const isNamedByContent = file.startsWith("/assets/");
    sendHead(reply).headers({
      etag: tag,
      vary: "Accept-Encoding",
      "cache-control": isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
    });
    if (request.headers["if-none-match"]?.split(/, */).includes(tag) === true) return reply.code(304).send();
    const asked = raw.url;
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? "");
    raw.url = file;
    files(raw, reply.raw);
    // What is written down of the request is what was asked for.
    raw.url = asked;
    return reply.hijack();
  };
  // Somebody who has mistyped an address finds out within the pages; a program reads the sentence that it always has.
  const sendNothing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.header("vary", "Accept");
    if (!takesPages(request)) {
      reply.callNotFound();
      return reply;
    }
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
    return sendHead(reply)
      .headers(headers)
      .code(404)
      .send(start ?? first);
  };
  for (const address of ["/assets/*", "/:file.js", "/:file.svg"]) {
    app.get(address, { exposeHeadRoute: true }, (request, reply) => send(request, reply, request.url));
  }
  app.get("/*", { exposeHeadRoute: true }, (request, reply) =>
    isPage(splitUrl(request.url).path) ? send(request, reply, "/index.html") : sendNothing(request, reply),
  );
}

/** Where something else than pages is. */
const otherPaths = /^\/(?:MAAS|api|log|v1)(?:\/|$)/;

/**
 * A request's target that can be decoded. Nothing is at one that can't, as `/50%`: outside of the APIs, which refuse it themselves, it
 * is an unknown address as any other.
 */
export function decodable(target: string): string {
  const { path } = splitUrl(target);
  if (otherPaths.test(path)) return target;
  try {
    decodeURIComponent(path);
    return target;
  } catch {
    return path.replaceAll("%", "%25") + target.slice(path.length);
  }
}

/** Whether a page is what is wanted: browsers say so where somebody goes to an address. */
function takesPages({ url, headers }: FastifyRequest): boolean {
  return /(?:^|[,\s])text\/html\b/i.test(headers.accept ?? "") && !otherPaths.test(splitUrl(url).path);
}

/**
 * An ETag for each file, by its path: it names what the file holds, whichever way that is compressed. A file's time would not do: in
 * the single executable it is another one after each start.
 */
function contentTags(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !/\.(?:br|gz)$/.test(name));
  return new Map(
    names
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => {
        const hash = createHash("sha256")
          .update(readFileSync(path.join(folder, name)))
          .digest("base64url");
        return [`/${name}`, `W/"${hash.slice(0, 22)}"`];
      }),
  );
}

/** The first file, whose addresses lead through the base path, and which tells the application of it. */
function startBelow(html: string, base: string): string {
  return html.replaceAll(/(src|href)="\//g, `$1="${base}/`).replace("<html ", `<html data-base="${base}" `);
}
