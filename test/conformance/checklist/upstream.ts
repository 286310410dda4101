import { type KeyServer, keyServer } from "../../support/key-server.ts";

/** GitHub and Launchpad in one, on this machine. */
export interface Upstream extends KeyServer {
  /** How many requests it has had. */
  readonly hits: number;
}

/** Knows one user with some keys, and answers 404 for everybody else, as both do. */
export async function startUpstream({
  known,
  keys,
}: {
  readonly known: string;
  readonly keys: readonly string[];
}): Promise<Upstream> {
  let hits = 0;
  const server = await keyServer((request, response) => {
    hits += 1;
    if (request.url?.split("?")[0] === `/users/${known}/keys`) {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify(keys.map((key, at) => ({ id: at + 1, key }))));
    } else if (request.url === `/~${known}/+sshkeys`) {
      response.setHeader("content-type", "text/plain;charset=utf-8");
      response.end(`${keys.join("\n")}\n`);
    } else {
      response.statusCode = 404;
      response.end("Not Found");
    }
  });
  return {
    url: server.url,
    get hits() {
      return hits;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
