import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { connectionFailure, shownPlace } from "./connection-failure.ts";
import { checkedLookup, type ListeningAddress, refuseUnsafe } from "./safe-receiver.ts";

/** Where a receiver is, and where it must not be. */
export interface ReceiverPlace {
  readonly host: string;
  readonly port: number;
  /** Where this Ironlog listens. */
  readonly own: readonly ListeningAddress[];
}

/**
 * Opens a connection, over TLS where its options are given, to an address that was checked. Ends with the signal's reason when that
 * is aborted, before or after the connection stands.
 */
export async function connectTo(
  { host, port, own }: ReceiverPlace,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  refuseUnsafe(host, port, own);
  const to = { host, port, lookup: checkedLookup(port, own), noDelay: true };
  const socket = tls === undefined ? connectTcp(to) : connectTls({ ...to, ...tls });
  // What fails between two waits must not go uncaught: it stands in `errored`.
  socket.on("error", () => undefined);
  const stop = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop);
  socket.once("close", () => signal.removeEventListener("abort", stop));
  try {
    await once(socket, tls === undefined ? "connect" : "secureConnect");
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw connectionFailure(error, shownPlace(host, port));
  }
}
