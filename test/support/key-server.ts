import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { portOf } from "./ports.ts";

/** Stands in for GitHub and Launchpad. */
export interface KeyServer extends AsyncDisposable {
  readonly url: string;
}

/** Answers every request as `answer` does. */
export async function keyServer(answer: RequestListener): Promise<KeyServer> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
