import { Type } from "typebox";
import { isPasswordLoginClosed } from "../../settings/password-login.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation, type NativeRequest } from "../../http/native/operation.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { findTrustedAccountById, loginRefusal, prepareSession } from "../sessions/login.ts";
import { loggedIn, loggedInSchema } from "../sessions/native-logged-in.ts";
import { logIn } from "../sessions/session-actions.ts";
import { sessionCookies } from "../sessions/session-cookies.ts";
import { sessionLifetimes } from "../sessions/session-lifetimes.ts";
import { newSessionId } from "../sessions/session.ts";
import type { AccountServices } from "../services.ts";
import { offerFactors } from "./ask-for-factor.ts";
import type { GivenFactor } from "./check-factor.ts";
import { noFactor, renewFactor } from "./factor-actions.ts";
import { withFactor, wrongFactor } from "./login-factor.ts";
import { findRelyingParty } from "./passkeys/relying-party.ts";
import { openState, passwordMark, spendState } from "./sealed-state.ts";
import { getOwnAccount } from "../passwords/password-change.ts";
import { showFactor } from "./show-again.ts";

const given = {
  code: Type.Optional(Type.String({ description: "What an app shows, or a recovery code." })),
  passkey: Type.Optional(Type.Object({}, { description: "What a passkey has signed, as the browser gives it." })),
};

/** The second step of a login, and giving the factor again. */
export function nativeSessionFactorOperations(services: AccountServices): readonly NativeOperation[] {
  return [secondStep(services), challenge(services), renew(services)];
}

const secondStep = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/session/factor",
    method: "POST",
    id: "giveSecondFactor",
    who: "anyone",
    summary: "Log in: the second factor",
    description: "Sets the cookies `sessionid` and `csrftoken`.",
    body: Type.Object(
      { pending_login: Type.String({ description: "As POST /session gave it." }), ...given },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "Who you are now.", schema: loggedInSchema },
    does: ({ command }) =>
      command({
        action: logIn,
        async input({ db, actor, now, request: { body, baseUrl } }) {
          const state = openState(services.secrets(), "login", body.pending_login, "pending_login", now);
          const account = await findTrustedAccountById(db, state.userId);
          if (account === undefined || passwordMark(account.passwordHash) !== state.passwordMark) {
            throw loginRefusal({});
          }
          if (!account.user.isBreakGlass && (await isPasswordLoginClosed(db))) throw loginRefusal({ isClosed: true });
          const factor = givenFactor(body, { baseUrl, challenge: state.challenge });
          const first = { account, isPasswordRight: true };
          const attempt = await withFactor(db, services, first, { actor, now, given: factor, wanted: "session" });
          if (attempt.factor !== "wrong") await spendState(db, state, "pending_login", now);
          const sessionId = newSessionId();
          const { absoluteMicros: lifetimeMicros } = await sessionLifetimes(db);
          const wanted = { sessionId, lifetimeMicros, actor, now };
          const session = await prepareSession(services.passwords, attempt, wanted);
          return { attempt, session, sessionId, lifetimeMicros };
        },
        async output({ user }, { db, now, request: { isSecure } }, { sessionId, lifetimeMicros }) {
          if (user === undefined) throw wrongFactor();
          const cookies = sessionCookies(sessionId, { isSecure, lifetimeMicros });
          return { status: 200, body: await loggedIn(db, user, now), cookies };
        },
      }),
  });

const challenge = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/session/factor",
    method: "GET",
    id: "readFactorChallenge",
    who: "user",
    withoutFactor: true,
    summary: "What you can give again",
    description: "Which second factors you have, and what a passkey has to sign. Nothing is stored.",
    answer: {
      status: 200,
      description: "For PUT /session/factor.",
      schema: Type.Object({
        factors: Type.Array(Type.Enum(["totp", "passkey", "recovery_code"])),
        passkey_options: Type.Union([Type.Object({}), Type.Null()], {
          description:
            "WebAuthn's PublicKeyCredentialRequestOptionsJSON; null where you have no passkey for this page.",
        }),
        state: Type.String({ description: "To be sent back with what the passkey has signed." }),
      }),
    },
    does: ({ query }) =>
      query(async ({ db, actor, now, request: { baseUrl } }) => {
        const account = await getOwnAccount(db, actingUser(actor).id);
        const offered = await offerFactors(services, account, "renewal", { db, now, baseUrl });
        // Somebody else vouches for who has none here: they log in there again.
        const { factors } = account.user.factorSince === null ? { factors: [] } : offered;
        return { status: 200, body: { ...offered, factors } };
      }),
  });

const renew = (services: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/session/factor",
    method: "PUT",
    id: "renewSecondFactor",
    who: "user",
    alsoAuditors: true,
    withoutFactor: true,
    summary: "Give your second factor again",
    description: "A session's sensitive acts are refused with `factor_needed` 15 minutes after it was given.",
    body: Type.Object(
      { state: Type.Optional(Type.String({ description: "With a passkey: as GET gave it." })), ...given },
      { additionalProperties: false },
    ),
    answer: { status: 204, description: "It is right." },
    does: ({ command }) =>
      command({
        action: renewFactor,
        async input({ db, actor, credentials, now, request: { body, baseUrl } }) {
          if (credentials.kind !== "session") throw new Refusal("invalid", "An API key needs no second factor.");
          const { user, passwordHash } = await getOwnAccount(db, actingUser(actor).id);
          if (user.factorSince === null) throw noFactor();
          if (body.passkey === undefined && body.state !== undefined) {
            throw invalidField("state", "Give this with a passkey alone.");
          }
          let signed = "";
          if (body.passkey !== undefined) {
            const state = openState(services.secrets(), "renewal", body.state ?? "", "state", now);
            if (state.userId !== user.id || state.passwordMark !== passwordMark(passwordHash)) {
              throw invalidField("state", "This belongs to another user, or to an older password: begin again.");
            }
            await spendState(db, state, "state", now);
            signed = state.challenge;
          }
          const factor = givenFactor(body, { baseUrl, challenge: signed });
          const shown = await showFactor(services, { db, actor, now }, factor);
          return { ...shown, sessionId: credentials.id, now };
        },
        output({ isShown }) {
          if (!isShown) throw invalidField("code", wrongFactor().message);
          return { status: 204 };
        },
      }),
  });

function givenFactor(
  { code, passkey }: { readonly code?: string; readonly passkey?: object },
  { baseUrl, challenge: signed }: { readonly challenge: string } & Pick<NativeRequest<never, never>, "baseUrl">,
): GivenFactor {
  if (passkey !== undefined && code !== undefined) throw invalidField("code", "Give a code or a passkey, not both.");
  if (passkey !== undefined) return { passkey, party: findRelyingParty(baseUrl), challenge: signed };
  if (code === undefined || code === "") throw invalidField("code", "Enter a code, or use a passkey.");
  return { code };
}
