import { multipart, oauthHeader } from "../../../support/clients/maas-client.ts";
import { type Client, pairsOf, target, urlencoded } from "./client.ts";

/**
 * python-libmaas: `op` first in the query, and multipart for everything that isn't a read, deletions included, with no
 * part at all where there is nothing to say.
 */
export const libmaas: Client = {
  name: "python-libmaas",
  request({ method, path, op, parameters, files = {} }, apiKey, signing) {
    const pairs = pairsOf(parameters);
    const operation = op === undefined ? [] : [["op", op] as const];
    const hasBody = method !== "GET";
    const query = hasBody ? operation : [...operation, ...pairs];
    const { body, type } = multipart(pairs, Object.entries(files));
    const headers: (readonly [string, string])[] = [
      ["Accept", "application/json,*/*;q=0.9"],
      ...(hasBody
        ? ([
            ["Content-Type", type],
            ["MIME-Version", "1.0"],
          ] as const)
        : []),
      ...(apiKey === undefined
        ? []
        : [["Authorization", oauthHeader(apiKey, { ...signing, shape: "libmaas" })] as const]),
      ["Accept-Encoding", "gzip, deflate"],
      ["User-Agent", "Python/3.8 aiohttp/3.8.4"],
    ];
    return { method, path: target(path, urlencoded(query)), headers, ...(hasBody ? { body } : {}) };
  },
};
