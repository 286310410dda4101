import { multipart, oauthHeader } from "../../../support/clients/maas-client.ts";
import { type Client, pairsOf, target, urlencoded } from "./client.ts";

/**
 * Canonical's `maas` command: `op` first in the query, deletions with their arguments there, everything else as multipart
 * with base64 parts; without arguments an empty body that has no type.
 */
export const canonicalCli: Client = {
  name: "maas CLI",
  request({ method, path, op, parameters, files = {} }, apiKey, signing) {
    const pairs = pairsOf(parameters);
    const hasBody = method === "POST" || method === "PUT";
    const query = [...(op === undefined ? [] : [["op", op] as const]), ...(hasBody ? [] : pairs)];
    const isEmpty = pairs.length === 0 && Object.keys(files).length === 0;
    const { body, type } = multipart(pairs, Object.entries(files));
    const headers: (readonly [string, string])[] = [
      ...(hasBody && !isEmpty
        ? ([
            ["Content-Type", type],
            ["MIME-Version", "1.0"],
          ] as const)
        : []),
      ...(apiKey === undefined ? [] : [["Authorization", oauthHeader(apiKey, { ...signing, shape: "cli" })] as const]),
      ["accept-encoding", "gzip, deflate"],
      ["user-agent", "Python-httplib2/0.14.0 (gzip)"],
    ];
    const sent = isEmpty ? "" : body;
    return { method, path: target(path, urlencoded(query)), headers, ...(hasBody ? { body: sent } : {}) };
  },
};
