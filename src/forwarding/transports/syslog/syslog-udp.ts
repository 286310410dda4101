import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIP } from "node:net";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { findErrorCode } from "../../../terminal/exit.ts";
import type { ReceiverPlace } from "../connect.ts";
import { connectionFailure, shownPlace } from "../connection-failure.ts";
import type { Receiver, RefusedEvent } from "../receiver.ts";
import { checkedLookup, refuseUnsafe } from "../safe-receiver.ts";

/** More at once than a receiver's buffer holds are lost unseen. */
const eventsMax = 100;

/**
 * Syslog over UDP (RFC 5426), one event a datagram. Best effort: nothing acknowledges a datagram, so it counts as delivered when
 * this machine has sent it. That nobody listens is heard of sometimes, with the next datagram.
 */
export function syslogUdpReceiver(place: ReceiverPlace, record: (event: PlainEvent) => Buffer): Receiver {
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      signal.throwIfAborted();
      try {
        const address = await addressOf(place);
        await using socket = createSocket(isIP(address) === 6 ? "udp6" : "udp4");
        const failed = once(socket, "error").then(([error]) => {
          throw error as Error;
        });
        failed.catch(() => undefined);
        socket.connect(place.port, address);
        await Promise.race([once(socket, "connect"), failed]);
        const refused: RefusedEvent[] = [];
        for (const event of events) {
          signal.throwIfAborted();
          const why = await Promise.race([send(socket, record(event)), failed]);
          if (why !== undefined) refused.push({ id: event.id, why });
        }
        return { taken: events.length, refused };
      } catch (error) {
        signal.throwIfAborted();
        throw connectionFailure(error, shownPlace(place.host, place.port));
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Resolved once for a delivery, so that all of its datagrams go to the address that was checked. */
async function addressOf({ host, port, own }: ReceiverPlace): Promise<string> {
  refuseUnsafe(host, port, own);
  if (isIP(host) !== 0) return host;
  return new Promise((resolve, reject) => {
    checkedLookup(port, own)(host, {}, (error, address) => {
      if (error !== null) reject(error);
      else resolve(typeof address === "string" ? address : (address[0]?.address ?? ""));
    });
  });
}

/** Sends a datagram; gives why it never can be sent. */
async function send(socket: Socket, datagram: Buffer): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    socket.send(datagram, (error) => {
      if (error === null) resolve(undefined);
      else if (findErrorCode(error) === "EMSGSIZE") resolve(`A datagram can't hold its ${datagram.length} octets.`);
      else reject(error);
    });
  });
}
