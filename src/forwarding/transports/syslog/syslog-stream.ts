import type { Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { connectTo, type ReceiverPlace } from "../connect.ts";
import { connectionFailure, shownPlace } from "../connection-failure.ts";
import type { Delivered, Receiver } from "../receiver.ts";
import { type ReceiverTls, tlsOptions } from "../tls.ts";

/** How messages are told apart (RFC 6587): by their length in front, or by a newline behind. */
export type SyslogFraming = "octet-counting" | "lf";

export interface SyslogStreamOptions extends ReceiverPlace {
  readonly framing: SyslogFraming;
  /** For TLS. */
  readonly tls?: ReceiverTls | undefined;
  /** How long a connection takes more events. */
  readonly connectionMsMax?: number;
  /** How long the receiver may take for each step: to connect, to read some, to acknowledge. */
  readonly patienceMs?: number;
}

/** More would be repeated when the receiver dies. */
const eventsMax = 10_000;
const defaultConnectionMsMax = 30_000;
/** A receiver that is busy with its disk reads on after some seconds. */
const defaultPatienceMs = 30_000;
/** Handed to the system at once. */
const chunkBytes = 64 * 1024;

/**
 * Syslog over TCP or TLS. The protocol has no acknowledgement. So each delivery is a connection that is closed in our direction after
 * the last event, and the receiver's own close (FIN) says that it read everything; a broken connection (RST) says nothing.
 *
 * Known gap: "read" isn't "on disk", and who can write into a plain connection can also close it. Receivers of syslog end
 * TLS without its own farewell, so there too a FIN is all that can be asked for. One that refuses a client certificate says so by an
 * alert before its FIN; one that drops the connection in silence after a good handshake can have read what it didn't take.
 */
export function syslogStreamReceiver(options: SyslogStreamOptions, record: (event: PlainEvent) => Buffer): Receiver {
  const tls = options.tls === undefined ? undefined : tlsOptions(options.host, options.tls);
  const { connectionMsMax = defaultConnectionMsMax, patienceMs = defaultPatienceMs } = options;
  const place = shownPlace(options.host, options.port);
  const whyClosed = `does it take syslog${options.tls?.certificate === undefined ? "" : ", and this client certificate"}?`;
  const frame = framings[options.framing];
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const limit = new StepLimit(signal, patienceMs);
      try {
        limit.begin(`${place} didn't take the connection`);
        const begun = performance.now();
        const socket = await connectTo(options, tls, limit.signal);
        using conversation = new Conversation(socket, limit.signal, place, whyClosed);
        const roundTripMs = performance.now() - begun;
        // With TLS 1.3 a client certificate is refused only now: what is sent before would hide why.
        if (tls !== undefined) await conversation.unlessClosed(sleep(roundTripMs));
        let taken = 0;
        while (taken < events.length && (taken === 0 || performance.now() - begun < connectionMsMax)) {
          const chunk = nextChunk(events, taken, (event) => frame(record(event)));
          limit.begin(`${place} stopped reading`);
          await conversation.write(chunk.bytes);
          taken = chunk.end;
        }
        limit.begin(`${place} read the events but didn't acknowledge them by closing the connection`);
        // Who closed before it had everything is heard of by now: its FIN isn't taken for an answer to ours.
        await conversation.unlessClosed(sleep(roundTripMs));
        await conversation.unlessClosed(nextTurn());
        await conversation.close();
        return { taken, refused: [] } satisfies Delivered;
      } finally {
        limit.end();
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

const newline = 0x0a;
const lineEnd = Buffer.of(newline);

const framings: Readonly<Record<SyslogFraming, (record: Buffer) => readonly [Uint8Array, Uint8Array]>> = {
  "octet-counting": (record) => [Buffer.from(`${record.length} `), record],
  // A newline inside would make two messages of one.
  lf: (record) => [record.includes(newline) ? record.map((byte) => (byte === newline ? 0x20 : byte)) : record, lineEnd],
};

function nextChunk(
  events: readonly PlainEvent[],
  from: number,
  framed: (event: PlainEvent) => readonly [Uint8Array, Uint8Array],
): { readonly bytes: Buffer; readonly end: number } {
  const parts: Uint8Array[] = [];
  let [length, end] = [0, from];
  for (let event = events[end]; event !== undefined && length < chunkBytes; event = events[end]) {
    const [first, second] = framed(event);
    parts.push(first, second);
    length += first.length + second.length;
    end++;
  }
  return { bytes: Buffer.concat(parts, length), end };
}

/** Limits each step of a delivery, one after the other. */
class StepLimit {
  readonly #controller = new AbortController();
  readonly #patienceMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal, patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
  }

  /** Begins the next step; `failure` is said where it takes too long. */
  begin(failure: string): void {
    clearTimeout(this.#timer);
    const error = new Error(`${failure} within ${this.#patienceMs / 1_000} s.`);
    this.#timer = setTimeout(() => this.#controller.abort(error), this.#patienceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** A connection to a receiver, which says nothing but by closing it. */
class Conversation implements Disposable {
  readonly #socket: Socket;
  /** Settles when the receiver closes: fails where it breaks off. */
  readonly #closed: Promise<void>;
  readonly #early: Promise<never>;

  constructor(socket: Socket, signal: AbortSignal, place: string, whyClosed: string) {
    this.#socket = socket;
    this.#closed = new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(signal.aborted ? (signal.reason as Error) : connectionFailure(error, place));
      const brokenOff = Object.assign(new Error("broken off"), { code: "ECONNRESET" });
      if (socket.destroyed) return fail(socket.errored ?? brokenOff);
      socket.once("end", resolve);
      socket.once("error", fail);
      socket.once("close", () => fail(brokenOff));
      // What it says, nobody reads; but unread it would hide the end.
      socket.resume();
    });
    this.#early = this.#closed.then(() => {
      throw new Error(`${place} closed the connection before it had all events: ${whyClosed}`);
    });
    this.#early.catch(() => undefined);
  }

  /** Returns when the system has taken the bytes. */
  async write(bytes: Buffer): Promise<void> {
    await this.unlessClosed(new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve())));
  }

  async unlessClosed(step: Promise<void>): Promise<void> {
    await Promise.race([this.#early, step]);
  }

  /** Closes in our direction, and returns when the receiver does too. */
  async close(): Promise<void> {
    this.#socket.end();
    await this.#closed;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
