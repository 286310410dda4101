import { randomBytes } from "node:crypto";
import { Type } from "typebox";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import type { Database } from "../../database/database.ts";
import { getSetting } from "../../settings/queries.ts";
import type { AccountServices } from "../services.ts";
import type { Account } from "../users/user-queries.ts";
import { base32 } from "./codes/base32.ts";
import { beginFactor } from "./factor-actions.ts";
import { creationOptions } from "./passkeys/passkey.ts";
import { getRelyingParty } from "./passkeys/relying-party.ts";
import { type Begun, passwordMark, sealState } from "./sealed-state.ts";
import { notShownRefusal, showAgain } from "./show-again.ts";
import { drawTotpSecret, otpauthUri } from "./codes/totp.ts";

const body = Type.Object(
  {
    password: Type.Optional(Type.String({ description: "Needed for your first second factor." })),
    code: Type.Optional(
      Type.String({ description: "A code of a factor that you have. A session that gave it lately needs none." }),
    ),
  },
  { additionalProperties: false },
);
const enrolment = Type.String({ description: "To be sent back with the code or the passkey, within 10 minutes." });

/** The beginning of a second factor: what an app or a browser needs to make it. Nothing is stored yet. */
export function nativeBeginOperations(services: AccountServices): readonly NativeOperation[] {
  const shared = { method: "POST", who: "user", alsoAuditors: true, withoutFactor: true, body } as const;
  return [
    nativeOperation({
      ...shared,
      path: "/account/second-factor/totp",
      id: "beginTotp",
      command: ["second-factor", "begin-totp"],
      summary: "Begin to set up an app that shows codes",
      description:
        "Give the address to the app, as a QR code or by its secret. Then add it with the code that it shows.",
      answer: {
        status: 200,
        description: "What the app needs.",
        schema: Type.Object({ uri: Type.String(), secret: Type.String(), enrolment }),
      },
      does: ({ command }) =>
        command({
          action: beginFactor,
          async input(call) {
            const { account, shown } = await showAgain(services, call, call.request.body);
            const secret = drawTotpSecret();
            return { ...shown, account, secret, issuer: await issuerName(call.db) };
          },
          output({ isShown }, { now, request }, { account, secret, issuer }) {
            if (!isShown) throw notShownRefusal(request.body);
            const { username } = account.user;
            const begun = { ...begunFor(account), secret: secret.toString("base64") };
            return {
              status: 200,
              body: {
                uri: otpauthUri({ secret, issuer, username }),
                secret: base32(secret),
                enrolment: sealState(services.secrets(), "totp", begun, now),
              },
            };
          },
        }),
    }),
    nativeOperation({
      ...shared,
      path: "/account/second-factor/passkey",
      id: "beginPasskey",
      summary: "Begin to add a passkey",
      answer: {
        status: 200,
        description: "What the browser needs, as WebAuthn's PublicKeyCredentialCreationOptionsJSON.",
        schema: Type.Object({ options: Type.Object({}), enrolment }),
      },
      does: ({ command }) =>
        command({
          action: beginFactor,
          async input(call) {
            const party = getRelyingParty(call.request.baseUrl);
            const { account, shown } = await showAgain(services, call, call.request.body);
            return { ...shown, account, party };
          },
          async output({ isShown }, { db, actor, now, request }, { account, party }) {
            if (!isShown) throw notShownRefusal(request.body);
            const begun = begunFor(account);
            const { challenge } = begun;
            const options = await creationOptions(db, actingUser(actor), { party, challenge });
            return {
              status: 200,
              body: { options, enrolment: sealState(services.secrets(), "passkey", begun, now) },
            };
          },
        }),
    }),
  ];
}

/** What is sealed for a user, with a challenge of its own. */
export function begunFor({ user, passwordHash }: Account): Begun {
  return {
    userId: user.id,
    passwordMark: passwordMark(passwordHash),
    challenge: randomBytes(32).toString("base64url"),
    isSetUp: user.factorSince !== null,
  };
}

/** What an app shows beside the code. */
async function issuerName(db: Database): Promise<string> {
  return `Ironlog ${String((await getSetting(db, "maas_name")) ?? "")}`.trim();
}
