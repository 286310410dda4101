import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { callbackify } from "node:util";
import { createTransport } from "nodemailer";
import type { PlainEvent } from "../../database/event-columns.ts";
import { visible } from "../../terminal/visible.ts";
import { connectTo, type ReceiverPlace } from "./connect.ts";
import { connectionFailure, shownPlace } from "./connection-failure.ts";
import { BatchRefused, type Receiver, RetryLater } from "./receiver.ts";
import { type ReceiverTls, tlsOptions } from "./tls.ts";

export interface EmailOptions extends ReceiverPlace {
  /** `starttls` fails where the server has none; `tls` speaks it from the start; `plain` never. */
  readonly security: "starttls" | "tls" | "plain";
  readonly tls?: ReceiverTls | undefined;
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  readonly from: string;
  readonly to: readonly string[];
  /** The log's name, which makes ids of messages its own. */
  readonly origin: string;
  /** How long all of a message may take. */
  readonly patienceMs?: number;
}

/** What is written of an event. */
export interface EmailText {
  readonly subject: string;
  readonly text: string;
}

/** RFC 5321 gives servers minutes; who alerts can't wait for them. */
const defaultPatienceMs = 60_000;
const answerCharsMax = 300;

/** E-mail, one message an event. Acknowledged by the server that takes it over: that somebody gets it, nobody says. */
export function emailReceiver(options: EmailOptions, message: (event: PlainEvent) => EmailText): Receiver {
  const { host, port, security, from, to, origin, patienceMs = defaultPatienceMs } = options;
  const place = shownPlace(host, port);
  const tls = security === "plain" ? undefined : tlsOptions(host, options.tls ?? {});
  return {
    batchMax: 1,
    async deliver([event], signal) {
      if (event === undefined) return { taken: 0, refused: [] };
      signal.throwIfAborted();
      const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      const transport = open(limited);
      try {
        const { rejected, rejectedErrors } = await transport.sendMail({
          from,
          to: [...to],
          ...message(event),
          // The same for a repeat, so that mailboxes can drop it.
          messageId: `<${createHash("sha256").update(`${origin}\n${event.id}`).digest("hex").slice(0, 32)}@ironlog>`,
          // Nobody's holiday answers it (RFC 3834).
          headers: { "Auto-Submitted": "auto-generated" },
        });
        if (rejected.length === 0) return { taken: 1, refused: [] };
        // Sent again, it would come to the others a second time.
        const people = visible(rejected.map(String).join(", "));
        const answered = visible(rejectedErrors?.[0]?.response ?? "").slice(0, answerCharsMax);
        const note = `${place} took event ${event.id} for the others, but refused ${people} (${answered}): check to.`;
        return { taken: 1, refused: [], note };
      } catch (error) {
        signal.throwIfAborted();
        if (limited.aborted) {
          throw new Error(`${place} didn't take a message within ${patienceMs / 1_000} s.`, { cause: error });
        }
        throw failureOf(error, place);
      } finally {
        transport.close();
      }
    },
    async [Symbol.asyncDispose]() {},
  };

  function open(limited: AbortSignal) {
    return createTransport({
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "plain",
      tls,
      auth: options.login === undefined ? undefined : { user: options.login.user, pass: options.login.password },
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      // Its own way to an address wouldn't be checked.
      getSocket(_: unknown, done: (error: Error | null, socket: { readonly connection: Socket }) => void) {
        callbackify(async () => ({ connection: await connectTo(options, undefined, limited) }))(done);
      },
    });
  }
}

function failureOf(error: unknown, place: string): Error {
  const {
    code,
    responseCode = 0,
    command,
    response,
  } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly command?: string;
    readonly response?: string;
  };
  const answered = `${place} answered: ${visible(response ?? "").slice(0, answerCharsMax)}`;
  if (code === "EAUTH") return new Error(`${place} doesn't take the user and the password: enter them anew.`);
  if (code === "ETLS" && response !== undefined) return new Error(`${place} has no STARTTLS (${answered}).`);
  if (responseCode >= 400 && responseCode < 500)
    return new RetryLater(`${answered}. It can't take messages now.`, undefined);
  if (code === "EENVELOPE") return new Error(`${answered}. Check from and to.`);
  if (responseCode >= 500 && command === "DATA") return new BatchRefused(answered);
  return responseCode >= 500 ? new Error(answered) : connectionFailure(error, place);
}
