import { Type } from "typebox";
import { readsAll } from "../../audit/actor.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { refuseStaleFactor } from "../../http/authentication/session-factor.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import {
  accountSchema,
  nativeAccount,
  nativeSeenUser,
  nativeUser,
  seenUserSchema,
  userSchema,
} from "../native-schemas.ts";
import { parsePassword } from "../passwords/password.ts";
import { preparePasswordChange, wrongOldPassword } from "../passwords/password-change.ts";
import type { AccountServices } from "../services.ts";
import { parseEmail, parseLastName, parseUsername } from "./user.ts";
import { findLastLogin, readActivities, readActivity } from "./user-activity.ts";
import { changePassword, createUser, deleteUser, resetPassword, updateUser } from "./user-actions.ts";
import { getUser, listUsers } from "./user-queries.ts";
import type { UserChanges } from "./user-rows.ts";

/** One's own account, and everybody's for administrators. */
export function nativeUserOperations(services: AccountServices): readonly NativeOperation[] {
  return [...ownAccount(services), ...everybody(services), setPassword(services)];
}

const email = Type.String({ description: "Nobody else's." });
const lastName = Type.String({ description: "MAAS has one field for a person's name." });
const newPassword = Type.String({ description: "8 to 1,024 characters." });

function ownAccount(services: AccountServices): readonly NativeOperation[] {
  const { passwordChanged } = services;
  return [
    nativeOperation({
      path: "/account",
      method: "GET",
      id: "readAccount",
      command: ["account", "read"],
      who: "user",
      scope: "any",
      summary: "Your profile",
      answer: { status: 200, description: "Your profile.", schema: accountSchema },
      does: ({ query }) =>
        query(async ({ db, actor }) => {
          const user = await getUser(db, actingUser(actor).username);
          return { status: 200, body: nativeAccount(user, await findLastLogin(db, user)) };
        }),
    }),
    nativeOperation({
      path: "/account",
      method: "PATCH",
      id: "updateAccount",
      command: ["account", "update"],
      who: "user",
      alsoAuditors: true,
      summary: "Change your profile",
      body: Type.Object(
        { email: Type.Optional(email), last_name: Type.Optional(lastName) },
        { additionalProperties: false },
      ),
      answer: { status: 200, description: "Your profile as it is now.", schema: userSchema },
      does: ({ command }) =>
        command({
          action: updateUser,
          input: async ({ actor, now, request }) => ({
            username: actingUser(actor).username,
            changes: profileChanges(request.body),
            now,
          }),
          output: ({ after }, { actor }) => ({ status: 200, body: nativeUser(after, actingUser(actor)) }),
        }),
    }),
    nativeOperation({
      path: "/account/password",
      method: "PUT",
      id: "changePassword",
      who: "user",
      alsoAuditors: true,
      summary: "Change your password",
      description: "Ends all of your sessions, this one too. API keys stay valid unless you end them too.",
      body: Type.Object(
        {
          old_password: Type.String(),
          new_password: newPassword,
          end_tokens: Type.Optional(
            Type.Boolean({ description: "Delete all of your API keys, also the one that asks. Default: false." }),
          ),
        },
        { additionalProperties: false },
      ),
      answer: { status: 204, description: "It is changed: log in again." },
      does: ({ command }) =>
        command({
          action: changePassword,
          async input({ db, actor, now, request: { body } }) {
            const { old_password: oldPassword, new_password: newPassword, end_tokens: endTokens = false } = body;
            const given = { oldPassword, newPassword, endTokens };
            return preparePasswordChange(db, services, { actor, user: actingUser(actor), now }, given);
          },
          async output({ user, changed }) {
            if (changed === undefined) throw wrongOldPassword();
            await passwordChanged(user.username);
            return { status: 204 };
          },
        }),
    }),
  ];
}

const everybody = ({ passwords }: AccountServices): readonly NativeOperation[] => [
  nativeOperation({
    path: "/users",
    method: "GET",
    id: "listUsers",
    command: ["users", "list"],
    who: "user",
    summary: "List users",
    answer: { status: 200, description: "Everybody, by name.", schema: listOf(seenUserSchema) },
    does: ({ query }) =>
      query(async ({ db, actor }) => {
        const viewer = actingUser(actor);
        const activities = await readActivities(db, readsAll(viewer) ? undefined : viewer.id);
        const users = await listUsers(db);
        return {
          status: 200,
          body: nativeList(users.map((user) => nativeSeenUser(user, activities.get(user.id), viewer))),
        };
      }),
  }),
  nativeOperation({
    path: "/users",
    method: "POST",
    id: "createUser",
    who: "administrator",
    summary: "Create a user",
    body: Type.Object(
      {
        username: Type.String({ description: "1 to 150 letters, digits and @.+-_" }),
        email,
        last_name: Type.Optional(lastName),
        password: newPassword,
        is_superuser: Type.Optional(Type.Boolean({ description: "Make an administrator." })),
        is_auditor: Type.Optional(Type.Boolean({ description: "Make an auditor." })),
      },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The new user.", schema: userSchema },
    does: ({ command }) =>
      command({
        action: createUser,
        async input({ credentials, now, request: { body } }) {
          if (body.is_superuser === true || body.is_auditor === true) refuseStaleFactor({ credentials }, now);
          const username = parseUsername(body.username);
          const profile = { email: parseEmail(body.email), lastName: parseLastName(body.last_name ?? "") };
          const password = parsePassword(body.password, "password");
          const isSuperuser = body.is_superuser ?? false;
          const roles = { isSuperuser, isAuditor: body.is_auditor ?? false };
          return { username, ...profile, ...roles, passwordHash: await passwords.hash(password), now };
        },
        output: (user, { actor }) => ({ status: 201, body: nativeUser(user, actingUser(actor)) }),
      }),
  }),
  nativeOperation({
    path: "/users/{username}",
    method: "GET",
    id: "readUser",
    who: "user",
    summary: "Read a user",
    answer: { status: 200, description: "The user.", schema: seenUserSchema },
    does: ({ query }) =>
      query(async ({ db, actor, request }) => {
        const user = await getUser(db, request.path["username"] ?? "");
        return { status: 200, body: nativeSeenUser(user, await readActivity(db, user), actingUser(actor)) };
      }),
  }),
  nativeOperation({
    path: "/users/{username}",
    method: "PATCH",
    id: "updateUser",
    command: ["users", "update"],
    who: "administrator",
    summary: "Change a user",
    description:
      "Deactivation ends all of the user's sessions and deletes their API keys: activation doesn't bring them back. There is always at least one active administrator.",
    body: Type.Object(
      {
        email: Type.Optional(email),
        last_name: Type.Optional(lastName),
        is_superuser: Type.Optional(Type.Boolean({ description: "True ends is_auditor." })),
        is_auditor: Type.Optional(Type.Boolean()),
        is_break_glass: Type.Optional(
          Type.Boolean({ description: "Administrators alone: their password goes on where password login is closed." }),
        ),
        is_active: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "The user as they are now.", schema: userSchema },
    does: ({ command }) =>
      command({
        action: updateUser,
        async input({ credentials, now, request: { path, body } }) {
          const { is_superuser, is_auditor, is_break_glass, is_active } = body;
          const isSensitive = (is_superuser ?? is_auditor ?? is_break_glass ?? is_active) !== undefined;
          if (isSensitive) refuseStaleFactor({ credentials }, now);
          const changes: UserChanges = {
            ...profileChanges(body),
            ...(body.is_superuser !== undefined && { isSuperuser: body.is_superuser }),
            ...(body.is_auditor !== undefined && { isAuditor: body.is_auditor }),
            ...(body.is_break_glass !== undefined && { isBreakGlass: body.is_break_glass }),
            ...(body.is_active !== undefined && { isActive: body.is_active }),
          };
          return { username: path["username"] ?? "", changes, now };
        },
        output: ({ after }, { actor }) => ({ status: 200, body: nativeUser(after, actingUser(actor)) }),
      }),
  }),
  nativeOperation({
    path: "/users/{username}",
    method: "DELETE",
    id: "deleteUser",
    who: "administrator",
    needsFreshFactor: true,
    summary: "Delete a user",
    description:
      "With their API keys, other keys and sessions. Their events stay. Their nodes need somebody to have them.",
    query: Type.Object(
      { transfer_resources_to: Type.Optional(Type.String({ description: "Who takes over the user's nodes." })) },
      { additionalProperties: false },
    ),
    answer: { status: 204, description: "The user is gone." },
    does: ({ command }) =>
      command({
        action: deleteUser,
        input: async ({ now, request: { path, query } }) => ({
          username: path["username"] ?? "",
          heir: query.transfer_resources_to,
          now,
        }),
        output: () => ({ status: 204 }),
      }),
  }),
];

const setPassword = ({ passwords, passwordChanged }: AccountServices): NativeOperation =>
  nativeOperation({
    path: "/users/{username}/password",
    method: "PUT",
    id: "resetPassword",
    command: ["users", "reset-password"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Set somebody's password",
    description: "Ends all of the user's sessions and deletes their API keys.",
    body: Type.Object({ new_password: newPassword }, { additionalProperties: false }),
    answer: { status: 204, description: "It is set." },
    does: ({ command }) =>
      command({
        action: resetPassword,
        async input({ db, now, request: { path, body } }) {
          const { username } = await getUser(db, path["username"] ?? "");
          return { username, newHash: await passwords.hash(parsePassword(body.new_password, "new_password")), now };
        },
        async output({ user }) {
          await passwordChanged(user.username);
          return { status: 204 };
        },
      }),
  });

function profileChanges(body: { readonly email?: string; readonly last_name?: string }): UserChanges {
  return {
    ...(body.email !== undefined && { email: parseEmail(body.email) }),
    ...(body.last_name !== undefined && { lastName: parseLastName(body.last_name) }),
  };
}
