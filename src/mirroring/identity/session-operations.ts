import { Type } from "typebox";
import { newSessionId } from "../../accounts/sessions/session.ts";
import { draftSession } from "../../accounts/sessions/session-actions.ts";
import { sessionCookies } from "../../accounts/sessions/session-cookies.ts";
import { sessionLifetimes } from "../../accounts/sessions/session-lifetimes.ts";
import { loggedInSchema, mirroredLoggedIn } from "../../accounts/sessions/native-logged-in.ts";
import type { Vouch } from "../../http/authentication/caller.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { askForKey, keyFields } from "./given-key.ts";
import { endRealmSessions, openRealmSession } from "./identity-actions.ts";

/** Logging in with a key of a mirrored MAAS. `vouch` is left out where somebody only looks at the operation. */
export function mirroredSessionOperations(vouch: Vouch | undefined): readonly NativeOperation[] {
  return [logIn(vouch), endSessions];
}

const endSessions: NativeOperation = nativeOperation({
  path: "/sources/{name}/sessions",
  method: "DELETE",
  id: "endSourceSessions",
  command: ["sources", "end-sessions"],
  who: "administrator",
  summary: "End the sessions of a mirrored MAAS's people",
  description: "Who still has a key there may log in again.",
  answer: { status: 204, description: "All have ended." },
  does: ({ command }) =>
    command({
      action: endRealmSessions,
      input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
      output: () => ({ status: 204 }),
    }),
});

function logIn(vouch: Vouch | undefined): NativeOperation {
  return nativeOperation({
    path: "/session/source",
    method: "POST",
    id: "logInWithMaasKey",
    who: "anyone",
    summary: "Log in with an API key of a mirrored MAAS",
    description:
      "Sets the cookies that POST /session sets. The key is checked once and kept nowhere; the session ends when the source changes, or its person is deactivated there.",
    body: Type.Object(keyFields, { additionalProperties: false }),
    answer: { status: 200, description: "Who you are now.", schema: loggedInSchema },
    does: ({ command }) =>
      command({
        action: openRealmSession,
        async input({ db, actor, now, request: { body } }) {
          const person = await askForKey(vouch, body, actor, now);
          const sessionId = newSessionId();
          const { absoluteMicros: lifetimeMicros } = await sessionLifetimes(db);
          const session = { ...draftSession(sessionId, actor.origin, { lifetimeMicros, now }), factorAt: null };
          return { person, session, sessionId, lifetimeMicros };
        },
        output: (_done, { request, now }, { person, sessionId, lifetimeMicros }) => ({
          status: 200,
          body: mirroredLoggedIn(person, now),
          cookies: sessionCookies(sessionId, { isSecure: request.isSecure, lifetimeMicros }),
        }),
      }),
  });
}
