import { viewerOf } from "../../http/authentication/acting-user.ts";
import { bareJson, html, type MaasAnswer, nothing, withCookies } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasRequest } from "../../http/maas/operation.ts";
import { type Call, command, Finished, query } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { passwordLoginClosed } from "../../settings/password-login.ts";
import { defaultTokenName, drawToken, parseTokenName } from "../../tokens/token.ts";
import { attemptLogin, loginRefusal, prepareSession } from "./login.ts";
import { codeNeeded, enrolmentNeeded, factorSentence, withFactor } from "../second-factor/login-factor.ts";
import type { AccountServices } from "../services.ts";
import type { User } from "../users/user.ts";
import { csrfToken, newSessionId } from "./session.ts";
import { authenticate, logIn, logOut, type LoginAttempt } from "./session-actions.ts";
import { sessionLifetimes } from "./session-lifetimes.ts";
import { endedCookies, sessionCookies } from "./session-cookies.ts";

// MAAS's pages outside its API, with Django's way of saying what is wrong with a form.

/** Login, logout, and what a login form asks for. */
export function maasViews(services: AccountServices): readonly MaasOperation[] {
  return [
    view(
      "GET",
      "accounts/login/",
      query(async () => {
        return bareJson({ authenticated: false, external_auth_url: null, no_users: false });
      }),
    ),
    view(
      "POST",
      "accounts/login/",
      command({
        action: logIn,
        async input(call) {
          if (call.credentials.kind === "session") return new Finished(nothing);
          const given = loginForm(call);
          if (given instanceof Finished) return given;
          const attempt = await djangoAttempt(call, services, given, "session");
          if (attempt instanceof Finished) return attempt;
          const sessionId = newSessionId();
          const { actor, now } = call;
          const { absoluteMicros: lifetimeMicros } = await sessionLifetimes(call.db);
          const { password } = given;
          const session = await prepareSession(services.passwords, attempt, {
            password,
            sessionId,
            lifetimeMicros,
            actor,
            now,
          });
          return { attempt, session, sessionId, lifetimeMicros };
        },
        output({ user, asked }, { request: { isSecure } }, { attempt, sessionId, lifetimeMicros }) {
          if (user === undefined) return refusedLogin(attempt, asked);
          return withCookies(nothing, sessionCookies(sessionId, { isSecure, lifetimeMicros }));
        },
      }),
    ),
    {
      ...view(
        "POST",
        "accounts/logout/",
        command({
          action: logOut,
          async input({ actor, credentials }) {
            if (credentials.kind !== "session") {
              throw new Refusal("invalid", "Only a session can be logged out: a token is deleted instead.");
            }
            return { sessionId: credentials.id, username: viewerOf(actor).username };
          },
          output: (_result, { request }) => withCookies(nothing, endedCookies(request.isSecure)),
        }),
      ),
      who: "user",
      alsoAuditors: true,
      alsoMirrored: true,
      withoutFactor: true,
    },
    view(
      "POST",
      "accounts/authenticate/",
      command({
        action: authenticate,
        async input(call) {
          const given = loginForm(call);
          if (given instanceof Finished) return forbidden;
          const attempt = await djangoAttempt(call, services, given, "key");
          if (attempt instanceof Finished) return forbidden;
          const name = parseTokenName(call.request.parameters.last("consumer") ?? defaultTokenName, "consumer");
          const { token, credentials } = drawToken(name, call.now);
          return { attempt, token, credentials };
        },
        output({ token, asked }, _call, { attempt, credentials }) {
          if (asked !== undefined) return html(asked.factorSince === null ? enrolmentNeeded : codeNeeded, 403);
          if (token === undefined) return attempt.isClosed === true ? html(passwordLoginClosed, 403) : forbidden.answer;
          const { consumerKey: consumer_key, tokenKey: token_key, secret: token_secret } = credentials;
          return bareJson({ consumer_key, name: token.name, token_key, token_secret });
        },
      }),
    ),
    view(
      "POST",
      "account/csrf/",
      query(async ({ credentials }) => {
        return credentials.kind === "session" ? bareJson({ csrf: csrfToken(credentials.sessionId) }) : forbidden.answer;
      }),
    ),
    view(
      "GET",
      "accounts/discharge-request/",
      query(async () => html("Not found", 404)),
    ),
  ];
}

type View = MaasOperation["does"];

/** A page that anybody may ask for, and that `describe/` does not mention. */
function view(method: "GET" | "POST", path: string, does: View): MaasOperation {
  return { resource: null, path, method, op: null, who: "anyone", title: path, description: "", parameters: {}, does };
}

const forbidden = new Finished<MaasAnswer>(html("", 403));
const refusedForm = ({ message }: Refusal): MaasAnswer => bareJson({ __all__: [message] }, 400);

/** What isn't right, as Django says it: a right password that isn't enough is told by the field that is missing. */
function refusedLogin(attempt: LoginAttempt, asked: User | undefined): MaasAnswer {
  if (asked !== undefined) return bareJson({ code: [codeNeeded] }, 400);
  return attempt.factor === undefined
    ? refusedForm(loginRefusal(attempt))
    : bareJson({ code: [factorSentence(attempt)] }, 400);
}

interface GivenLogin {
  readonly username: string;
  readonly password: string;
  /** Of a second factor; undefined where none was given. */
  readonly code: string | undefined;
}

function loginForm({ request }: Call<MaasRequest>): GivenLogin | Finished<MaasAnswer> {
  const username = request.parameters.last("username") ?? "";
  const password = request.parameters.last("password") ?? "";
  const required = ["This field is required."];
  const missing = { ...(username === "" && { username: required }), ...(password === "" && { password: required }) };
  const code = request.parameters.last("code") || undefined;
  return Object.keys(missing).length > 0 ? new Finished(bareJson(missing, 400)) : { username, password, code };
}

/** An attempt that is not even recorded gets the same answer as one that is. */
async function djangoAttempt(
  { db, actor, now }: Call<MaasRequest>,
  services: AccountServices,
  given: GivenLogin,
  wanted: "session" | "key",
): Promise<LoginAttempt | Finished<MaasAnswer>> {
  const { code } = given;
  try {
    const attempt = await attemptLogin(db, services, actor, given);
    return await withFactor(db, services, attempt, { actor, now, given: code === undefined ? code : { code }, wanted });
  } catch (error) {
    if (!(error instanceof Refusal) || !["unauthenticated", "invalid"].includes(error.code)) throw error;
    return new Finished(error.fields === undefined ? refusedForm(error) : bareJson(error.fields, 400));
  }
}
