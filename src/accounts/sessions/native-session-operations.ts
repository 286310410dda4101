import { Type } from "typebox";
import { actingUser, viewerOf } from "../../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import type { Credentials } from "../../http/authentication/credentials.ts";
import { Refusal } from "../../refusal.ts";
import { attemptLogin, loginRefusal, prepareSession } from "./login.ts";
import { nativeSession, sessionSchema } from "../native-schemas.ts";
import { askForFactor } from "../second-factor/ask-for-factor.ts";
import { refusedFactor, withFactor } from "../second-factor/login-factor.ts";
import type { AccountServices } from "../services.ts";
import { loggedIn, loggedInSchema, mirroredLoggedIn } from "./native-logged-in.ts";
import { newSessionId } from "./session.ts";
import { endSessions, logIn, logOut } from "./session-actions.ts";
import { sessionLifetimes } from "./session-lifetimes.ts";
import { endedCookies, sessionCookies } from "./session-cookies.ts";
import { listSessions } from "./session-queries.ts";
import { getUser } from "../users/user-queries.ts";
import { findPathId } from "../../http/request/path-id.ts";

/** Logging in and out, and the sessions that are open. */
export function nativeSessionOperations(services: AccountServices): readonly NativeOperation[] {
  return [
    nativeOperation({
      path: "/session",
      method: "POST",
      id: "logIn",
      who: "anyone",
      summary: "Log in",
      description:
        "Sets the cookies `sessionid` and `csrftoken`. Where a second factor is missing, the refusal `factor_needed` brings `pending_login` for POST /session/factor.",
      body: Type.Object(
        {
          username: Type.String({ minLength: 1 }),
          password: Type.String({ minLength: 1 }),
          code: Type.Optional(Type.String({ description: "Of your second factor, if you have one." })),
        },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "Who you are now.", schema: loggedInSchema },
      does: ({ command }) =>
        command({
          action: logIn,
          async input({ db, actor, now, request: { body } }) {
            const given = body.code === undefined ? undefined : { code: body.code };
            const first = await attemptLogin(db, services, actor, body);
            const attempt = await withFactor(db, services, first, { actor, now, given, wanted: "session" });
            const sessionId = newSessionId();
            const { absoluteMicros: lifetimeMicros } = await sessionLifetimes(db);
            const { password } = body;
            const session = await prepareSession(services.passwords, attempt, {
              password,
              sessionId,
              lifetimeMicros,
              actor,
              now,
            });
            return { attempt, session, sessionId, lifetimeMicros };
          },
          async output({ user, asked }, { db, now, request }, { attempt, sessionId, lifetimeMicros }) {
            if (asked !== undefined) throw await askForFactor(services, attempt, { db, now, baseUrl: request.baseUrl });
            if (user === undefined) {
              throw attempt.factor === undefined ? loginRefusal(attempt) : refusedFactor(attempt);
            }
            const cookies = sessionCookies(sessionId, { isSecure: request.isSecure, lifetimeMicros });
            return { status: 200, body: await loggedIn(db, user, now), cookies };
          },
        }),
    }),
    nativeOperation({
      path: "/session",
      method: "GET",
      id: "readSession",
      who: "user",
      alsoMirrored: true,
      withoutFactor: true,
      summary: "Who is logged in",
      answer: { status: 200, description: "Who you are.", schema: loggedInSchema },
      does: ({ query }) =>
        query(async ({ db, actor, credentials, now }) => {
          if (actor.mirrored !== undefined) return { status: 200, body: mirroredLoggedIn(actor.mirrored, now) };
          const user = await getUser(db, actingUser(actor).username);
          return { status: 200, body: await loggedIn(db, user, now, credentials) };
        }),
    }),
    nativeOperation({
      path: "/session",
      method: "DELETE",
      id: "logOut",
      who: "user",
      alsoAuditors: true,
      alsoMirrored: true,
      withoutFactor: true,
      summary: "Log out",
      answer: { status: 204, description: "The session has ended." },
      does: ({ command }) =>
        command({
          action: logOut,
          async input({ actor, credentials }) {
            if (credentials.kind !== "session") {
              throw new Refusal("invalid", "Only a session can be logged out: an API key is deleted instead.");
            }
            return { sessionId: credentials.id, username: viewerOf(actor).username };
          },
          output: (_result, { request }) => ({ status: 204, cookies: endedCookies(request.isSecure) }),
        }),
    }),
    ...openSessions,
  ];
}

const openSessions: readonly NativeOperation[] = [
  nativeOperation({
    path: "/sessions",
    method: "GET",
    id: "listSessions",
    command: ["sessions", "list"],
    who: "user",
    summary: "List your sessions",
    answer: { status: 200, description: "Those that are still good, newest first.", schema: listOf(sessionSchema) },
    does: ({ query }) =>
      query(async ({ db, actor, credentials, now }) => {
        const sessions = await listSessions(db, actingUser(actor).id, now);
        return { status: 200, body: nativeList(sessions.map((one) => nativeSession(one, currentId(credentials)))) };
      }),
  }),
  nativeOperation({
    path: "/sessions",
    method: "DELETE",
    id: "endSessions",
    command: ["sessions", "end-all"],
    who: "user",
    alsoAuditors: true,
    summary: "End all of your sessions",
    query: Type.Object(
      {
        except: Type.Optional(
          Type.Enum(["current"], { description: "Keeps the one that asks. An API key asks by none: all end." }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: { status: 204, description: "All have ended, this one too unless it was to be kept." },
    does: ({ command }) =>
      command({
        action: endSessions,
        input: async ({ actor, credentials, now, request: { query } }) => ({
          user: actingUser(actor),
          sessionId: undefined,
          exceptId: query.except === "current" ? currentId(credentials) : undefined,
          now,
        }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/sessions/{id}",
    method: "DELETE",
    id: "endSession",
    command: ["sessions", "end"],
    who: "user",
    alsoAuditors: true,
    summary: "End one of your sessions",
    answer: { status: 204, description: "It has ended." },
    does: ({ command }) =>
      command({
        action: endSessions,
        input: async ({ actor, now, request }) => ({
          user: actingUser(actor),
          sessionId: parseSessionNumber(request.path["id"] ?? ""),
          now,
        }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/users/{username}/sessions",
    method: "GET",
    id: "listUserSessions",
    command: ["users", "sessions"],
    who: "auditor",
    summary: "List somebody's sessions",
    answer: { status: 200, description: "Those that are still good, newest first.", schema: listOf(sessionSchema) },
    does: ({ query }) =>
      query(async ({ db, credentials, now, request }) => {
        const user = await getUser(db, request.path["username"] ?? "");
        const sessions = await listSessions(db, user.id, now);
        return { status: 200, body: nativeList(sessions.map((one) => nativeSession(one, currentId(credentials)))) };
      }),
  }),
  nativeOperation({
    path: "/users/{username}/sessions",
    method: "DELETE",
    id: "endUserSessions",
    command: ["users", "end-sessions"],
    who: "administrator",
    summary: "End all of somebody's sessions",
    answer: { status: 204, description: "All have ended." },
    does: ({ command }) =>
      command({
        action: endSessions,
        input: async ({ db, now, request }) => ({
          user: await getUser(db, request.path["username"] ?? ""),
          sessionId: undefined,
          now,
        }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/users/{username}/sessions/{id}",
    method: "DELETE",
    id: "endUserSession",
    command: ["users", "end-session"],
    who: "administrator",
    summary: "End one of somebody's sessions",
    answer: { status: 204, description: "It has ended." },
    does: ({ command }) =>
      command({
        action: endSessions,
        input: async ({ db, now, request: { path } }) => ({
          user: await getUser(db, path["username"] ?? ""),
          sessionId: parseSessionNumber(path["id"] ?? ""),
          now,
        }),
        output: () => ({ status: 204 }),
      }),
  }),
];

function currentId(credentials: Credentials): number | undefined {
  return credentials.kind === "session" ? credentials.id : undefined;
}

function parseSessionNumber(text: string): number {
  const id = findPathId(text);
  if (id === undefined) throw new Refusal("not_found", `There is no session ${text}.`);
  return id;
}
