import type { MaasMethod } from "../operation.ts";
import type { Parameters } from "./parameters.ts";
import { isOfProtocol } from "./protocol-parameters.ts";

/** A name goes into a header, and names may be long. */
const shownLengthMax = 64;

/** A sentence for each parameter in the address where those of the body count, as in MAAS. */
export function misplacedIn(method: MaasMethod, query: Parameters): readonly string[] {
  if (method === "GET" || method === "DELETE") return [];
  return query.names
    .filter((name) => !isOfProtocol(name))
    .map(
      (name) =>
        `${encodeURIComponent(name.slice(0, shownLengthMax).toWellFormed())} is ignored: send it in the body, not in the address`,
    );
}
