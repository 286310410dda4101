import { once } from "node:events";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { portOf } from "../ports.ts";

/** A mail that came whole. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** A server for e-mail. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Refuses a recipient, or a message at its end, with this answer; undefined takes it. */
  refusal: (what: "recipient" | "message", address: string) => string | undefined;
}

/** Without TLS, unless a certificate is given. */
const plain: SMTPServerOptions = { hideSTARTTLS: true, disabledCommands: ["STARTTLS"] };

/** Starts a server on a free port of this machine. It knows one user, `ironlog` with the password `right`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const refusalOf = (what: "recipient" | "message", address: string): Error | null => {
    const answer = mail.refusal(what, address);
    if (answer === undefined) return null;
    return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
  };
  const smtp = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    ...(options.cert === undefined ? plain : {}),
    ...options,
    onAuth({ username = "", password }, _, done) {
      if (username === "ironlog" && password === "right") done(null, { user: username });
      else done(new Error("Invalid username or password"));
    },
    onRcptTo({ address }, _, done) {
      done(refusalOf("recipient", address));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const refused = refusalOf("message", "");
        const { mailFrom, rcptTo } = session.envelope;
        if (refused === null) {
          mails.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
            isSecure: session.secure,
            user: typeof session.user === "string" ? session.user : undefined,
          });
        }
        done(refused);
      });
    },
  });
  smtp.on("error", () => undefined);
  const listening = smtp.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const mail: MailServer = {
    port: portOf(listening.address()),
    mails,
    refusal: () => undefined,
    [Symbol.asyncDispose]: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return mail;
}
