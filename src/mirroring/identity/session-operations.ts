import { Type } from "typebox";
import { newSessionId } from "../../accounts/sessions/session.ts";
import { sessionCookies } from "../../accounts/sessions/session-cookies.ts";
import { sessionLifetimes } from "../../accounts/sessions/session-lifetimes.ts";
import { loggedInSchema, mirroredLoggedIn } from "../../accounts/sessions/native-logged-in.ts";
import type { Vouch } from "../../http/authentication/caller.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { openRealmSession } from "./identity-actions.ts";

/** Logging in with a key of a mirrored MAAS. `vouch` is left out where somebody only looks at the operation. */
export function mirroredSessionOperation(vouch: Vouch | undefined): NativeOperation {
  return nativeOperation({
    path: "/session/source",
    method: "POST",
    id: "logInWithMaasKey",
    who: "anyone",
    summary: "Log in with an API key of a mirrored MAAS",
    description:
      "Sets the cookies that POST /session sets. The key is checked once and kept nowhere; the session ends when the source changes, or its person is deactivated there.",
    body: Type.Object(
      {
        api_key: Type.String({ minLength: 1, maxLength: 700, description: "As that MAAS shows it." }),
        source: Type.Optional(
          Type.String({
            maxLength: 40,
            description: "The source's name; the setting ironlog_default_source unless given.",
          }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "Who you are now.", schema: loggedInSchema },
    does: ({ command }) =>
      command({
        action: openRealmSession,
        async input({ db, actor, now, request: { body } }) {
          const [consumerKey = "", tokenKey = "", secret = "", ...more] = body.api_key.trim().split(":");
          if (secret === "" || more.length > 0) {
            throw invalidField("api_key", "Enter the API key as MAAS shows it: three parts with colons between them.");
          }
          const { origin } = actor;
          const holder = await vouch?.byKey({ consumerKey, tokenKey, secret }, { source: body.source, origin, now });
          if (holder === undefined)
            throw new Refusal("unauthenticated", "No mirrored MAAS was asked about this API key.");
          const { person } = holder;
          if (person.realmUserId === null) {
            throw new Refusal(
              "forbidden",
              `Nothing tells the id that you have at MAAS '${person.realm}': Ironlog needs its database, and there GRANT SELECT (id, username, is_active, is_superuser) ON auth_user.`,
            );
          }
          const sessionId = newSessionId();
          const { absoluteMicros: lifetimeMicros } = await sessionLifetimes(db);
          return { person, realmUserId: person.realmUserId, sessionId, origin, lifetimeMicros, now };
        },
        output: (_done, { request }, { person, sessionId, lifetimeMicros, now }) => ({
          status: 200,
          body: mirroredLoggedIn(person, now),
          cookies: sessionCookies(sessionId, { isSecure: request.isSecure, lifetimeMicros }),
        }),
      }),
  });
}
