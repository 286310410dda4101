import { oauthHeader } from "../../../support/clients/maas-client.ts";
import { type Client, pairsOf, target, urlencoded } from "./client.ts";

/** The recipes of MAAS's documentation: OAuth values without quotes, the signature raw, form bodies by `--data`. */
export const curl: Client = {
  name: "curl",
  request({ method, path, op, parameters, files = {} }, apiKey, signing) {
    if (Object.keys(files).length > 0) throw new Error("the recipes upload nothing");
    const pairs = pairsOf(parameters);
    const operation = op === undefined ? [] : [["op", op] as const];
    const hasBody = (method === "POST" || method === "PUT") && pairs.length > 0;
    const query = hasBody ? operation : [...operation, ...pairs];
    const body = urlencoded(pairs);
    const headers: (readonly [string, string])[] = [
      ["User-Agent", "curl/7.88.1"],
      ["Accept", "*/*"],
      ...(apiKey === undefined ? [] : [["Authorization", oauthHeader(apiKey, { ...signing, shape: "curl" })] as const]),
      ...(hasBody
        ? ([
            ["Content-Length", String(Buffer.byteLength(body))],
            ["Content-Type", "application/x-www-form-urlencoded"],
          ] as const)
        : []),
    ];
    return { method, path: target(path, urlencoded(query)), headers, ...(hasBody ? { body } : {}) };
  },
};
