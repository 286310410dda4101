import { bareJson, html, type MaasAnswer, nothing, withCookies } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasRequest } from "../../http/maas/operation.ts";
import { type Call, command, Finished, query } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { defaultTokenName, drawToken, parseTokenName } from "../../tokens/token.ts";
import { attemptLogin, loginRefusal, prepareSession } from "./login.ts";
import type { AccountServices, LoginServices } from "../services.ts";
import { csrfToken, newSessionId } from "./session.ts";
import { authenticate, logIn, logOut } from "./session-actions.ts";
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
          const attempt = await djangoAttempt(call, services, given);
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
        output({ user }, { request: { isSecure } }, { attempt, sessionId, lifetimeMicros }) {
          const cookies = sessionCookies(sessionId, { isSecure, lifetimeMicros });
          return user === undefined ? refusedForm(loginRefusal(attempt)) : withCookies(nothing, cookies);
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
            if (credentials.kind !== "session" || actor.user === null) {
              throw new Refusal("invalid", "Only a session can be logged out: a token is deleted instead.");
            }
            return { sessionId: credentials.id, username: actor.user.username };
          },
          output: (_result, { request }) => withCookies(nothing, endedCookies(request.isSecure)),
        }),
      ),
      who: "user",
      alsoAuditors: true,
    },
    view(
      "POST",
      "accounts/authenticate/",
      command({
        action: authenticate,
        async input(call) {
          const given = loginForm(call);
          if (given instanceof Finished) return forbidden;
          const attempt = await djangoAttempt(call, services, given);
          if (attempt instanceof Finished) return forbidden;
          const name = parseTokenName(call.request.parameters.last("consumer") ?? defaultTokenName, "consumer");
          const { token, credentials } = drawToken(name, call.now);
          return { attempt, token, credentials };
        },
        output({ token }, _call, { credentials }) {
          if (token === undefined) return forbidden.answer;
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

interface GivenLogin {
  readonly username: string;
  readonly password: string;
}

function loginForm({ request }: Call<MaasRequest>): GivenLogin | Finished<MaasAnswer> {
  const username = request.parameters.last("username") ?? "";
  const password = request.parameters.last("password") ?? "";
  const required = ["This field is required."];
  const missing = { ...(username === "" && { username: required }), ...(password === "" && { password: required }) };
  return Object.keys(missing).length > 0 ? new Finished(bareJson(missing, 400)) : { username, password };
}

/** An attempt that is not even recorded gets the same answer as one that is. */
async function djangoAttempt(call: Call<MaasRequest>, services: LoginServices, given: GivenLogin) {
  try {
    return await attemptLogin(call.db, services, call.actor, given);
  } catch (error) {
    if (error instanceof Refusal && error.code === "unauthenticated") return new Finished(refusedForm(error));
    throw error;
  }
}
