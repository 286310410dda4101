import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";

/** The body is larger than what was asked for takes: 413. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly statusCode = 413;

  constructor(limitBytes: number) {
    super(`The body is larger than the ${limitBytes} bytes that are taken here`);
  }
}

/** The body is compressed in a way that isn't read here: 415. */
class UnknownEncoding extends Error {
  override readonly name = "UnknownEncoding";
  readonly statusCode = 415;

  constructor(encoding: string) {
    super(`The Content-Encoding '${encoding.slice(0, 40)}' isn't read here: use ${acceptedEncodings}, or none`);
  }
}

/** The body isn't what its Content-Encoding says: 400. */
class Undecodable extends Error {
  override readonly name = "Undecodable";
  readonly statusCode = 400;
}

type Decode = (body: Buffer, limitBytes: number) => Promise<Buffer>;

/** By bytes: what a few compressed ones become is bounded while they are read. */
const decompressors = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) } as const;

/** For the header that says what would have been read. */
export const acceptedEncodings = Object.keys(decompressors).join(", ");

/** What makes a body of the bytes that were sent, no larger than it may be. Throws for an encoding that isn't known. */
export function decoderOf(header: string | undefined): Decode {
  const encoding = (header ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return async (body) => body;
  const name = encoding === "x-gzip" ? "gzip" : encoding;
  if (name !== "gzip" && name !== "zstd") throw new UnknownEncoding(encoding);
  return async (body, limitBytes) => {
    try {
      return await decompressors[name](body, { maxOutputLength: limitBytes });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
        throw new BodyTooLarge(limitBytes);
      }
      throw new Undecodable(`The body is not the ${name} that its Content-Encoding says`, { cause: error });
    }
  };
}
