import type { IncomingMessage } from "node:http";
import { setImmediate } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { BodyTooLarge, decoderOf } from "./content-encoding.ts";
import type { AccessRule } from "../authentication/permission.ts";

/** A name, a password and what a form adds fit several times. */
const publicLimitBytes = 16 * 1024;
/** The most that the fields of an operation need. */
const usualLimitBytes = 64 * 1024;
/** A script of some size and its metadata fit, and a thousand reported events. */
const largeLimitBytes = 4 * 1024 * 1024;

/** A client that is refused while it sends so much still gets the answer; beyond it the connection is closed. */
const drainedBytesMax = 256 * 1024;

export interface BodySize {
  /** True where a body may be 4 MiB: it holds a script, a certificate, a long definition or a list. */
  readonly hasLargeBody?: true;
}

/** How large the body of a request to one of these operations may be; where there is none, as large as of most. */
export function bodyLimitBytes(operations: readonly (Pick<AccessRule, "who"> & BodySize)[]): number {
  const limits = operations.map(({ who, hasLargeBody }) => {
    if (hasLargeBody === true) return largeLimitBytes;
    return who === "anyone" ? publicLimitBytes : usualLimitBytes;
  });
  return limits.length === 0 ? usualLimitBytes : Math.max(...limits);
}

/** Reads bodies of every type as bytes, each as far as what it is sent to takes. */
export function takeBodies(api: FastifyInstance, limitOf: (request: FastifyRequest) => number): void {
  const takeTurn = turnTaker();
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("*", async (request: FastifyRequest, payload: IncomingMessage) => {
    const limitBytes = limitOf(request);
    const decode = decoderOf(request.headers["content-encoding"]);
    const sent = await readBody(payload, Number(request.headers["content-length"] ?? 0), limitBytes);
    const body = await decode(sent, limitBytes);
    // To make something of it takes tens of milliseconds: others are answered between two of them.
    if (body.length > usualLimitBytes) await takeTurn();
    return body;
  });
}

/** Leaves bodies unread: Node throws away what comes. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
}

/** Makes a function that lets those who wait go on one by one, each in a turn of the event loop of its own. */
function turnTaker(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}

function readBody(payload: IncomingMessage, declaredBytes: number, limitBytes: number): Promise<Buffer> {
  const readBytesMax = Math.max(limitBytes, drainedBytesMax);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;
  const refuse = (): void => reject(new BodyTooLarge(limitBytes));
  if (declaredBytes > readBytesMax) refuse();
  else {
    payload.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limitBytes) chunks.push(chunk);
      else if (length > readBytesMax) refuse();
    });
    payload.on("end", () => (length > limitBytes ? refuse() : resolve(Buffer.concat(chunks, length))));
    payload.on("error", (error) => reject(Object.assign(error, { statusCode: 400 })));
  }
  return promise;
}
