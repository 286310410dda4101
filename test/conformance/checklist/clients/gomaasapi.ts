import { randomUUID } from "node:crypto";
import { oauthHeader } from "../../../support/clients/maas-client.ts";
import { type Client, pairsOf, target, urlencoded } from "./client.ts";

/**
 * juju's gomaasapi, and gomaasclient which is built on it: queries in the order of the alphabet, an `op=` with nothing
 * behind it where a verb needs none, urlencoded bodies, uploads as multipart without transfer encoding.
 */
export const gomaasapi: Client = {
  name: "gomaasapi",
  request({ method, path, op, parameters, files = {} }, apiKey, signing) {
    const pairs = pairsOf(parameters);
    const hasBody = method === "POST" || method === "PUT";
    const query = hasBody
      ? [["op", op ?? ""] as const]
      : sorted([...pairs, ...(op === undefined ? [] : [["op", op] as const])]);
    const { body, type } =
      Object.keys(files).length === 0
        ? { body: Buffer.from(urlencoded(sorted(pairs))), type: "application/x-www-form-urlencoded" }
        : plainMultipart(pairs, Object.entries(files));
    const headers: (readonly [string, string])[] = [
      ["User-Agent", "Go-http-client/1.1"],
      ...(hasBody ? [["Content-Length", String(body.length)] as const] : []),
      ...(apiKey === undefined
        ? []
        : [["Authorization", oauthHeader(apiKey, { ...signing, shape: "gomaasapi" })] as const]),
      ...(hasBody ? [["Content-Type", type] as const] : []),
      ["Accept-Encoding", "gzip"],
      ["Connection", "close"],
    ];
    return { method, path: target(path, urlencoded(query)), headers, ...(hasBody ? { body } : {}) };
  },
};

/** Go sorts a query's names, and leaves the values of one name as they were. */
function sorted(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return pairs.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
}

function plainMultipart(
  pairs: readonly (readonly [string, string])[],
  files: readonly (readonly [string, Buffer])[],
): { readonly body: Buffer; readonly type: string } {
  const boundary = `${randomUUID()}${randomUUID()}`.replaceAll("-", "").slice(0, 60);
  const parts = [
    ...files.map(
      ([name, bytes]) => [`; filename="${name}"\r\nContent-Type: application/octet-stream`, name, bytes] as const,
    ),
    ...pairs.map(([name, value]) => ["", name, Buffer.from(value)] as const),
  ];
  const chunks = parts.flatMap(([more, name, bytes], at) => [
    Buffer.from(
      `${at === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`,
    ),
    bytes,
  ]);
  return {
    body: Buffer.concat([...chunks, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}
