import { maySeeAll } from "./native-schemas.ts";
import type { MirroredPerson } from "../audit/actor.ts";
import { actingUser } from "../http/authentication/acting-user.ts";
import { refuseStaleFactor } from "../http/authentication/session-factor.ts";
import { indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import { command, Finished, query } from "../http/operations/operation.ts";
import { invalidField } from "../refusal.ts";
import { accountResource } from "../tokens/maas-operations.ts";
import { parsePassword } from "./passwords/password.ts";
import { preparePasswordChange, wrongOldPassword } from "./passwords/password-change.ts";
import type { AccountServices } from "./services.ts";
import { parseEmail, parseLastName, parseUsername, type User } from "./users/user.ts";
import { changePassword, createUser, deleteUser, updateUser } from "./users/user-actions.ts";
import { findUser, getUser, listUsers } from "./users/user-queries.ts";
import type { UserChanges } from "./users/user-rows.ts";

/** MAAS's `users/` and `users/{username}/`, and what MAAS offers in its UI alone. */
export function maasAccountOperations(services: AccountServices): readonly MaasOperation[] {
  return [readUsers, whoami, createOne(services), readUser, updateOne, deleteOne, changeOwnPassword(services)];
}

const users = {
  resource: { name: "UsersHandler", doc: "Manage the user accounts of this server." },
  path: "api/2.0/users/",
} as const;
const user = {
  resource: {
    name: "UserHandler",
    doc: "Manage a user account.",
    argument: { doc: "The user's name, as 'users read' lists it.", sample: "bob" },
  },
  path: "api/2.0/users/{username}/",
} as const;

const readUsers: MaasOperation = {
  ...users,
  method: "GET",
  op: null,
  who: "user",
  title: "List users",
  description: "List users. Administrators see everybody's e-mail address, others their own alone.",
  parameters: {},
  does: query(async ({ db, actor }) => {
    const all = await listUsers(db);
    return indentedJson(all.map((one) => maasUser(one, actingUser(actor))));
  }),
};

const whoami: MaasOperation = {
  ...users,
  method: "GET",
  op: "whoami",
  who: "user",
  alsoMirrored: true,
  scope: "any",
  title: "Retrieve logged-in user",
  description: "Returns the currently logged-in user.",
  parameters: {},
  does: query(async ({ db, actor }) => {
    if (actor.mirrored !== undefined) return indentedJson(maasPerson(actor.mirrored));
    const acting = actingUser(actor);
    return indentedJson(maasUser(await getUser(db, acting.username), acting));
  }),
};

const createOne = ({ passwords }: AccountServices): MaasOperation => ({
  ...users,
  method: "POST",
  op: null,
  who: "administrator",
  title: "Create a MAAS user account",
  description: "Creates a user account. Its password travels in clear unless the server is reached by TLS.",
  parameters: {
    username: { type: "String", required: true, doc: "Identifier-style username for the new user." },
    email: { type: "String", required: true, doc: "Email address for the new user." },
    password: { type: "String", required: true, doc: "Password for the new user: 8 to 1,024 characters." },
    is_superuser: {
      type: "Boolean",
      required: true,
      doc: "Whether the new user is to be an administrator ('0' == False, '1' == True).",
    },
    last_name: { type: "String", required: false, doc: "The new user's name, an addition of Ironlog." },
    key: {
      type: "String",
      required: false,
      doc: "An SSH key of the new user.",
      ignored: "add it afterwards, with 'sshkeys create user=NAME key=KEY'",
    },
  },
  example: "username=bob email=bob@example.com password=correct-horse is_superuser=0",
  does: command({
    action: createUser,
    async input({ credentials, request: { parameters }, now }) {
      const username = parseUsername(parameters.last("username") ?? "");
      const email = parseEmail(parameters.last("email") ?? "");
      const lastName = parseLastName(parameters.last("last_name") ?? "");
      const isSuperuser = parseZeroOrOne("is_superuser", parameters.last("is_superuser") ?? "");
      if (isSuperuser) refuseStaleFactor({ credentials }, now);
      const password = parsePassword(parameters.last("password") ?? "", "password");
      return { username, email, lastName, isSuperuser, passwordHash: await passwords.hash(password), now };
    },
    output: (created, { actor }) => indentedJson(maasUser(created, actingUser(actor))),
  }),
});

const readUser: MaasOperation = {
  ...user,
  method: "GET",
  op: null,
  who: "user",
  title: "Retrieve user details",
  description: "Retrieve a user's details.",
  parameters: {},
  does: query(async ({ db, actor, request }) => {
    return indentedJson(maasUser(await getUser(db, request.path["username"] ?? ""), actingUser(actor)));
  }),
};

const updateOne: MaasOperation = {
  ...user,
  method: "PUT",
  op: null,
  who: "administrator",
  title: "Update a user account",
  description: "Changes a user's profile, permission or state; what isn't given stays. An addition of Ironlog.",
  parameters: {
    email: { type: "String", required: false, doc: "New email address." },
    last_name: { type: "String", required: false, doc: "New name." },
    is_superuser: {
      type: "Boolean",
      required: false,
      doc: "Whether the user is an administrator ('0' == False, '1' == True).",
    },
    is_active: {
      type: "Boolean",
      required: false,
      doc: "Whether the user may log in ('0' == False, '1' == True). Deactivation ends all of their sessions and deletes their API keys.",
    },
  },
  example: "email=bob@example.com is_superuser=1",
  does: command({
    action: updateUser,
    async input({ credentials, request: { parameters, path }, now }) {
      const email = parameters.last("email");
      const lastName = parameters.last("last_name");
      const isSuperuser = parameters.last("is_superuser");
      const isActive = parameters.last("is_active");
      if ((isSuperuser ?? isActive) !== undefined) refuseStaleFactor({ credentials }, now);
      const changes: UserChanges = {
        ...(email !== undefined && { email: parseEmail(email) }),
        ...(lastName !== undefined && { lastName: parseLastName(lastName) }),
        ...(isSuperuser !== undefined && { isSuperuser: parseZeroOrOne("is_superuser", isSuperuser) }),
        ...(isActive !== undefined && { isActive: parseZeroOrOne("is_active", isActive) }),
      };
      return { username: path["username"] ?? "", changes, now };
    },
    output: ({ after }, { actor }) => indentedJson(maasUser(after, actingUser(actor))),
  }),
};

const deleteOne: MaasOperation = {
  ...user,
  method: "DELETE",
  op: null,
  who: "administrator",
  needsFreshFactor: true,
  title: "Delete a user",
  description: "Deletes a user, with their API keys and sessions. Their events stay. Deleting nobody is no error.",
  parameters: {
    transfer_resources_to: {
      type: "String",
      required: false,
      doc: "An existing username, who takes over what the user owns.",
    },
  },
  example: "transfer_resources_to=alice",
  does: command({
    action: deleteUser,
    async input({ db, request: { parameters, path }, now }) {
      const username = path["username"] ?? "";
      if ((await findUser(db, username)) === undefined) return new Finished(nothing);
      // An empty one is none, as clients send it.
      const heir = parameters.last("transfer_resources_to") || undefined;
      if (heir !== undefined) await getUser(db, heir);
      return { username, heir, now };
    },
    output: () => nothing,
  }),
};

const changeOwnPassword = ({ limiter, passwords, passwordChanged }: AccountServices): MaasOperation => ({
  resource: accountResource,
  path: "api/2.0/account/",
  method: "POST",
  op: "change_password",
  who: "user",
  alsoAuditors: true,
  title: "Change own password",
  description:
    "Changes the password of the logged-in user and ends all of their sessions. API keys stay valid unless end_tokens is 1. An addition of Ironlog.",
  parameters: {
    old_password: { type: "String", required: true, doc: "The password as it is." },
    new_password: { type: "String", required: true, doc: "The new password: 8 to 1,024 characters." },
    end_tokens: {
      type: "Boolean",
      required: false,
      doc: "Whether all of your API keys end too, this command's own as well ('0' == False, '1' == True). Default: 0.",
    },
  },
  example: "old_password=correct-horse new_password=battery-staple",
  does: command({
    action: changePassword,
    async input({ db, actor, now, request: { parameters } }) {
      return preparePasswordChange(
        db,
        { limiter, passwords },
        { actor, user: actingUser(actor), now },
        {
          oldPassword: parameters.last("old_password") ?? "",
          newPassword: parameters.last("new_password") ?? "",
          endTokens: parseZeroOrOne("end_tokens", parameters.last("end_tokens") ?? "0"),
        },
      );
    },
    async output({ user: owner, changed }) {
      if (changed === undefined) throw wrongOldPassword();
      await passwordChanged(owner.username);
      return nothing;
    },
  }),
});

/** A user as MAAS shows one; others' e-mail addresses are for administrators. */
function maasUser(shown: User, viewer: Parameters<typeof maySeeAll>[1]) {
  return {
    is_superuser: shown.isSuperuser,
    username: shown.username,
    email: maySeeAll(shown, viewer) ? shown.email : "",
    is_local: true,
    resource_uri: `/MAAS/api/2.0/users/${encodeURIComponent(shown.username)}/`,
  };
}

/** Somebody without an account here. What they may there, they may not here. */
function maasPerson({ username }: MirroredPerson) {
  return {
    is_superuser: false,
    username,
    email: "",
    is_local: false,
    resource_uri: `/MAAS/api/2.0/users/${encodeURIComponent(username)}/`,
  };
}

/** MAAS's booleans in this place: exactly `0` or `1`. */
function parseZeroOrOne(field: string, text: string): boolean {
  if (text === "1") return true;
  if (text === "0") return false;
  throw invalidField(field, `Not a valid Boolean value (0 or 1): '${text}'`);
}
