import { buildEndSessionUrl } from "openid-client";
import { Type } from "typebox";
import { endedCookies } from "../accounts/sessions/session-cookies.ts";
import { logOut } from "../accounts/sessions/session-actions.ts";
import { isFirstLogin } from "../accounts/users/user-queries.ts";
import type { Database } from "../database/database.ts";
import { viewerOf } from "../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation, type NativeRequest } from "../http/native/operation.ts";
import { listSources } from "../mirroring/sources/source-queries.ts";
import { Refusal } from "../refusal.ts";
import { isPasswordLoginClosed } from "../settings/password-login.ts";
import { findIdentityById } from "./identity-queries.ts";
import { listProviders } from "./provider-queries.ts";
import { getUsable } from "./relying-party/begin-sign-in.ts";
import { SignInFailure } from "./relying-party/failure.ts";
import { endedHintCookie, findHint } from "./relying-party/logout-hint.ts";
import type { OidcServices } from "./services.ts";

/** How people come in and go, where providers have a part in it. */
export function signInOperations(services: OidcServices): readonly NativeOperation[] {
  return [
    nativeOperation({
      path: "/sign-in",
      method: "GET",
      id: "listSignIns",
      who: "anyone",
      summary: "How people sign in",
      answer: {
        status: 200,
        description: "What a login page offers.",
        schema: Type.Object({
          has_passwords: Type.Boolean({ description: "False where only break-glass accounts have a password." }),
          has_maas_keys: Type.Boolean({ description: "Whether people of a mirrored MAAS may come with its API keys." }),
          is_first_login: Type.Boolean({
            description:
              "True while nobody but the first administrator has an account, and no password was ever changed.",
          }),
          providers: Type.Array(
            Type.Object({
              name: Type.String(),
              title: Type.String(),
              path: Type.String({
                description: "Send the browser there; `redirectTo` names the page to come back to.",
              }),
            }),
          ),
        }),
      },
      does: ({ query }) =>
        query(async ({ db, request }) => {
          const providers = (await listProviders(db)).filter(({ isEnabled }) => isEnabled);
          const shown = providers.map(({ name, title }) => ({
            name,
            title,
            path: `${request.basePath}/oidc/${name}/login`,
          }));
          const body = {
            has_passwords: !(await isPasswordLoginClosed(db)),
            has_maas_keys: (await listSources(db)).some(({ isEnabled, url }) => isEnabled && url !== null),
            is_first_login: await isFirstLogin(db),
            providers: shown,
          };
          return { status: 200, body };
        }),
    }),
    nativeOperation({
      path: "/session/end",
      method: "POST",
      id: "signOut",
      who: "user",
      alsoAuditors: true,
      alsoMirrored: true,
      withoutFactor: true,
      headers: { cookie: "The browser's. One of them tells the provider whose login ends." },
      summary: "Log out, also at the sign-in provider",
      description:
        "Ends the session as `DELETE /session` does. To log out at the provider too, go to the address that it answers.",
      answer: {
        status: 200,
        description: "The session has ended.",
        schema: Type.Object({
          url: Type.Union([Type.String(), Type.Null()], {
            description:
              "Null where the session wasn't opened through a provider, or where that has no address for it.",
          }),
        }),
      },
      does: ({ command }) =>
        command({
          action: logOut,
          async input({ db, actor, credentials, request }) {
            if (credentials.kind !== "session") {
              throw new Refusal("invalid", "Only a session can be logged out: an API key is deleted instead.");
            }
            const url = await findEndAddress(db, services, credentials.id, request);
            return { sessionId: credentials.id, username: viewerOf(actor).username, url };
          },
          output: (_result, { request }, { url }) => ({
            status: 200,
            body: { url },
            cookies: [...endedCookies(request.isSecure), endedHintCookie(request.isSecure)],
          }),
        }),
    }),
  ];
}

/** Where to log out at the provider; null where there is no need to, or where the provider can't be asked. */
async function findEndAddress(
  db: Database,
  { clients }: OidcServices,
  sessionId: number,
  { baseUrl, headers }: Pick<NativeRequest<unknown, unknown>, "baseUrl" | "headers">,
): Promise<string | null> {
  const session = await db.selectFrom("session").select("identity_id").where("id", "=", sessionId).executeTakeFirst();
  const identityId = session?.identity_id ?? null;
  const identity = identityId === null ? undefined : await findIdentityById(db, identityId);
  if (identity === undefined || clients === undefined) return null;
  try {
    const { configuration } = await clients.get(await getUsable(db, identity.provider));
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    const hint = findHint(headers["cookie"]);
    return buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: `${baseUrl}/login`,
      ...(hint !== undefined && { id_token_hint: hint }),
    }).href;
  } catch (error) {
    if (error instanceof SignInFailure) return null;
    throw error;
  }
}
