import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import { parseTokenName } from "../../tokens/token.ts";
import type { AccountServices } from "../services.ts";
import { getUser } from "../users/user-queries.ts";
import { isFirstUse } from "./check-factor.ts";
import { addFactor, noFactor, removeFactor, renewRecoveryCodes, resetFactors } from "./factor-actions.ts";
import type { Factor } from "./factor.ts";
import { factorDue, trustedFactorPolicy } from "./factor-policy.ts";
import { listFactors, recoveryCodesLeft } from "./factor-queries.ts";
import { findNewPasskey } from "./passkeys/passkey.ts";
import { drawRecoveryCodes } from "./codes/recovery-code.ts";
import { getRelyingParty } from "./passkeys/relying-party.ts";
import { type OpenedState, openState, passwordMark, spendState } from "./sealed-state.ts";
import { getOwnAccount } from "../passwords/password-change.ts";
import { notShownRefusal, showAgain } from "./show-again.ts";
import { findStep } from "./codes/totp.ts";
import { timeOrNull } from "../../http/native/time.ts";

const factorSchema = Type.Object({
  id: Type.String(),
  kind: Type.Enum(["totp", "passkey"], { description: "An app that shows codes (TOTP), or a passkey." }),
  name: Type.String(),
  created: Type.String({ format: "date-time" }),
  last_used: timeOrNull("Null for never."),
});

const recoveryCodes = Type.Union([Type.Array(Type.String()), Type.Null()], {
  description: "Each is good once, in place of a code. They are shown this once; null where there are no new ones.",
});

const currentCode = Type.Optional(
  Type.String({
    description: "A code of your second factor, if you have one. A session that gave it lately needs none.",
  }),
);

/** One's own second factors, and the reset of somebody else's. */
export function nativeFactorOperations(services: AccountServices): readonly NativeOperation[] {
  return [readFactors, addOne(services), removeOne(services), newRecoveryCodes(services), resetOthers];
}

const readFactors = nativeOperation({
  path: "/account/second-factor",
  method: "GET",
  id: "readSecondFactor",
  command: ["second-factor", "read"],
  who: "user",
  withoutFactor: true,
  summary: "Your second factors",
  answer: {
    status: 200,
    description: "Oldest first, without their secrets.",
    schema: Type.Object({
      items: Type.Array(factorSchema),
      recovery_codes_left: Type.Integer(),
      due: timeOrNull("By when you must have a second factor; null where you need none."),
    }),
  },
  does: ({ query }) =>
    query(async ({ db, actor }) => {
      const { user } = await getOwnAccount(db, actingUser(actor).id);
      const due = factorDue(await trustedFactorPolicy(db), user);
      const body = {
        items: (await listFactors(db, user.id)).map(nativeFactor),
        recovery_codes_left: await recoveryCodesLeft(db, user.id),
        due: rfc3339OrNull(due),
      };
      return { status: 200, body };
    }),
});

const addOne = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/account/second-factor",
    method: "POST",
    id: "addSecondFactor",
    command: ["second-factor", "add"],
    who: "user",
    alsoAuditors: true,
    withoutFactor: true,
    summary: "Add a second factor",
    description:
      "Ends what 'begin-totp' or the page has begun. The first factor brings recovery codes and ends all of your other sessions.",
    body: Type.Object(
      {
        enrolment: Type.String({ description: "As the beginning gave it." }),
        name: Type.Optional(Type.String({ description: "For you: which app or passkey it is." })),
        code: Type.Optional(Type.String({ description: "What the app shows." })),
        passkey: Type.Optional(Type.Object({}, { description: "What the browser has made." })),
      },
      { additionalProperties: false },
    ),
    answer: {
      status: 201,
      description: "It is added.",
      schema: Type.Object({ id: Type.String(), recovery_codes: recoveryCodes }),
    },
    does: ({ command }) =>
      command({
        action: addFactor,
        async input({ db, actor, credentials, now, request: { body, baseUrl } }) {
          const { id: userId } = actingUser(actor);
          if (body.passkey !== undefined && body.code !== undefined) {
            throw invalidField("code", "Give a code or a passkey, not both.");
          }
          const kind = body.passkey === undefined ? "totp" : "passkey";
          const state = openState(services.secrets(), kind, body.enrolment, "enrolment", now);
          const account = await getOwnAccount(db, userId);
          if (state.userId !== userId || state.passwordMark !== passwordMark(account.passwordHash)) {
            throw invalidField("enrolment", "This belongs to another user, or to an older password: begin again.");
          }
          const uuid = randomUUID();
          const step = body.passkey === undefined ? rightStep(state, body.code ?? "", now) : undefined;
          const made =
            body.passkey === undefined
              ? {
                  secret: services
                    .secrets()
                    .seal({ table: "totp_device", row: uuid, column: "secret" }, state.secret ?? ""),
                }
              : await findNewPasskey(body.passkey, { party: getRelyingParty(baseUrl), challenge: state.challenge });
          if (made === undefined) throw invalidField("passkey", "This is no passkey for this page: try again.");
          await spendState(db, state, "enrolment", now);
          const drawn = drawRecoveryCodes(userId);
          return {
            userId,
            wasSetUp: state.isSetUp,
            uuid,
            name: parseTokenName(body.name || (kind === "totp" ? "Authenticator app" : "Passkey")),
            made,
            codeHashes: drawn.hashes,
            sessionId: credentials.kind === "session" ? credentials.id : undefined,
            now,
            codes: drawn.codes,
            step,
          };
        },
        async output({ id, isFirst }, { db }, { uuid, codes, step }) {
          // Nobody who has looked on logs in with the same code.
          if (step !== undefined) await isFirstUse(db, id, step);
          return { status: 201, body: { id: uuid, recovery_codes: isFirst ? codes : null } };
        },
      }),
  });

/** The time step of the code by which the app shows that it has the secret. */
function rightStep({ secret = "" }: OpenedState, code: string, now: number): number {
  const step = findStep(Buffer.from(secret, "base64"), code.replaceAll(/\s/g, ""), now / 1000);
  if (step !== undefined) return step;
  throw invalidField("code", "This code is wrong: enter what the app shows now. Check the clock of the phone.");
}

const removeOne = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/account/second-factor/{id}/remove",
    method: "POST",
    id: "removeSecondFactor",
    command: ["second-factor", "remove"],
    who: "user",
    alsoAuditors: true,
    summary: "Remove a second factor",
    description: "With the last one your recovery codes are void.",
    body: Type.Object({ code: currentCode }, { additionalProperties: false }),
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: removeFactor,
        async input(call) {
          const { db, actor, now, request } = call;
          const uuid = request.path["id"] ?? "";
          const factor = (await listFactors(db, actingUser(actor).id)).find((one) => one.uuid === uuid);
          if (factor === undefined) throw new Refusal("not_found", `There is no second factor ${uuid}.`);
          const { account, shown } = await showAgain(services, call, request.body);
          const isNeeded = factorDue(await trustedFactorPolicy(db), account.user) !== null;
          return { ...shown, factor, isNeeded, now };
        },
        output({ isShown }, { request: { body } }) {
          if (!isShown) throw notShownRefusal(body);
          return { status: 204 };
        },
      }),
  });

const newRecoveryCodes = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/account/second-factor/recovery-codes",
    method: "POST",
    id: "renewRecoveryCodes",
    command: ["second-factor", "recovery-codes"],
    who: "user",
    alsoAuditors: true,
    summary: "Make new recovery codes",
    description: "The old ones are void.",
    body: Type.Object({ code: currentCode }, { additionalProperties: false }),
    answer: { status: 201, description: "The codes.", schema: Type.Object({ recovery_codes: recoveryCodes }) },
    does: ({ command }) =>
      command({
        action: renewRecoveryCodes,
        async input(call) {
          const { user } = await getOwnAccount(call.db, actingUser(call.actor).id);
          if (user.factorSince === null) throw noFactor();
          const { shown } = await showAgain(services, call, call.request.body);
          const drawn = drawRecoveryCodes(user.id);
          return { ...shown, codeHashes: drawn.hashes, codes: drawn.codes };
        },
        output({ isShown }, { request: { body } }, { codes }) {
          if (!isShown) throw notShownRefusal(body);
          return { status: 201, body: { recovery_codes: codes } };
        },
      }),
  });

const resetOthers = nativeOperation({
  path: "/users/{username}/second-factor",
  method: "DELETE",
  id: "resetSecondFactor",
  command: ["users", "reset-second-factor"],
  who: "administrator",
  needsFreshFactor: true,
  summary: "Remove somebody's second factors",
  description:
    "For somebody who has lost them. Ends all of the user's sessions; their recovery codes are void. They log in with their password alone.",
  answer: { status: 204, description: "They are gone." },
  does: ({ command }) =>
    command({
      action: resetFactors,
      async input({ db, now, request }) {
        const { username } = await getUser(db, request.path["username"] ?? "");
        return { username, now };
      },
      output: () => ({ status: 204 }),
    }),
});

function nativeFactor({ uuid, kind, name, created, lastUsed }: Factor) {
  return {
    id: uuid,
    kind,
    name,
    created: rfc3339Micros(created),
    last_used: rfc3339OrNull(lastUsed),
  };
}
