import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, loginFailed, told } from "./example.ts";
import { byKey, bySession, type World } from "../../support/worlds/server-world.ts";

const created = (role: "user" | "admin", username: string) =>
  told("user.create", `Created ${role} '${username}'.`, ["user", username]);
const deleted = (role: "user" | "admin", username: string) =>
  told("user.delete", `Deleted ${role} '${username}'.`, ["user", username]);

function creation(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const taken = await world.person();
    const [one, two] = [freshName("user"), freshName("user")];
    const no = api === "maas" ? "0" : false;
    const yes = api === "maas" ? "1" : true;
    const status = api === "maas" ? 200 : 201;
    const about = (username: string, isSuperuser: unknown) => ({
      username,
      email: `${username}@example.com`,
      password: world.secret("password"),
      is_superuser: isSuperuser,
    });
    return [
      { what: "a password that is too short", values: { ...about(one, no), password: "Tiny-42" }, status: 400 },
      { what: "a name that can't be one", values: { ...about(one, no), username: "a b" }, status: 400 },
      {
        what: "a name that is taken",
        values: { ...about(taken.username, no), email: `${one}@example.com` },
        status: 409,
      },
      { what: "an address that is taken", values: { ...about(one, no), email: taken.email }, status: 409 },
      { what: "a user", values: about(one, no), status, records: [created("user", one)] },
      { what: "an administrator", values: about(two, yes), status, records: [created("admin", two)] },
      { what: "the same again", values: about(one, no), status: 409 },
    ];
  };
}

function change(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const [person, taken] = [await world.person(), await world.person()];
    await world.session(person);
    const { username } = person;
    const path = { username };
    const no = api === "maas" ? "0" : false;
    const yes = api === "maas" ? "1" : true;
    const target = ["user", username] as const;
    const everything = { email: `new-${person.email}`, last_name: "N", is_superuser: yes, is_active: no };
    return [
      { what: "nobody", path: { username: freshName("nobody") }, values: { last_name: "N" }, status: 404 },
      { what: "an address that is none", path, values: { email: "none", last_name: "N" }, status: 400 },
      { what: "an address that is taken", path, values: { email: taken.email, last_name: "N" }, status: 409 },
      {
        what: "everything",
        path,
        values: everything,
        status: 200,
        records: [
          told("user.profile.update", `User profile of '${username}' updated: email, last_name.`, target),
          told("user.permission.change", `Permissions changed for '${username}': user -> admin.`, target),
          told("user.deactivate", `Deactivated user '${username}'.`, target),
        ],
      },
      {
        what: "nothing",
        path,
        values: { last_name: "N" },
        status: 200,
        records: [told("user.profile.update", `User profile of '${username}' updated: no change.`, target)],
      },
      {
        what: "back",
        path,
        values: { is_superuser: no, is_active: yes },
        status: 200,
        records: [
          told("user.permission.change", `Permissions changed for '${username}': admin -> user.`, target),
          told("user.activate", `Activated user '${username}'.`, target),
        ],
      },
    ];
  };
}

function deletion(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const [one, owner, other] = [
      await world.person(),
      await world.person(),
      await world.person({ isAdministrator: true }),
    ];
    const { system_id } = await world.make<{ readonly system_id: string }>("nodes", {
      hostname: freshName("host"),
      status: "Ready",
    });
    await owner.native.ask("POST", `nodes/${system_id}/steps`, { step: "acquire" });
    const self = world.server.firstLogin.username;
    const path = ({ username }: { readonly username: string }) => ({ username });
    return [
      { what: "oneself", path: { username: self }, status: 400 },
      { what: "the owner of a node, without an heir", path: path(owner), status: 400 },
      {
        what: "an heir who is nobody",
        path: path(owner),
        values: { transfer_resources_to: freshName("nobody") },
        status: 404,
      },
      { what: "a user", path: path(one), status: 204, records: [deleted("user", one.username)] },
      // A1: over MAAS's API deleting nobody is no error, and no act.
      { what: "the same again", path: path(one), status: api === "maas" ? 204 : 404 },
      {
        what: "the owner of a node, with an heir",
        path: path(owner),
        values: { transfer_resources_to: other.username },
        status: 204,
        records: [deleted("user", owner.username)],
      },
      {
        what: "an administrator",
        path: path(other),
        values: { transfer_resources_to: self },
        status: 204,
        records: [deleted("admin", other.username)],
      },
    ];
  };
}

/** One's own password, wrong and right. */
async function passwordChange(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const session = await world.session(person);
  const by = byKey(person);
  const { username } = person;
  const passwords = (old_password: string) => ({
    old_password,
    new_password: world.secret("password"),
  });
  return [
    {
      what: "a new one that is too short",
      by,
      values: { ...passwords(person.password), new_password: "Tiny-43" },
      status: 400,
    },
    {
      what: "a wrong old one",
      by,
      values: passwords(world.secret("guess")),
      status: 400,
      records: [loginFailed(username)],
    },
    {
      what: "a right old one",
      by: bySession(person, session),
      values: passwords(person.password),
      status: 204,
      records: [told("user.password.change", `Password changed for '${username}'.`, ["user", username])],
    },
    {
      what: "the session that the change has ended",
      by: bySession(person, session),
      values: passwords(person.password),
      status: 401,
    },
    {
      what: "the old one again",
      by,
      values: passwords(person.password),
      status: 400,
      records: [loginFailed(username)],
    },
  ];
}

async function reset(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const { username } = person;
  const new_password = world.secret("password");
  return [
    { what: "nobody", path: { username: freshName("nobody") }, values: { new_password }, status: 404 },
    { what: "too short", path: { username }, values: { new_password: "Tiny-44" }, status: 400 },
    {
      what: "somebody",
      path: { username },
      values: { new_password },
      status: 204,
      records: [told("user.password.reset", `Password changed for '${username}'.`, ["user", username])],
    },
  ];
}

async function ownProfile(world: World): Promise<readonly Attempt[]> {
  const [person, taken] = [await world.person(), await world.person()];
  const by = byKey(person);
  const { username } = person;
  const updated = (what: string) =>
    told("user.profile.update", `User profile of '${username}' updated: ${what}.`, ["user", username]);
  return [
    { what: "an address that is taken", by, values: { email: taken.email, last_name: "N" }, status: 409 },
    { what: "a field for administrators", by, values: { is_superuser: true }, status: 400 },
    { what: "a name", by, values: { last_name: "N" }, status: 200, records: [updated("last_name")] },
    { what: "the same again", by, values: { last_name: "N" }, status: 200, records: [updated("no change")] },
  ];
}

/** Users, their profiles, permissions and passwords. */
export const accountExamples: OperationExamples = {
  "users create": creation("maas"),
  "POST /api/v1/users": creation("native"),
  "user update": change("maas"),
  "PATCH /api/v1/users/{username}": change("native"),
  "user delete": deletion("maas"),
  "DELETE /api/v1/users/{username}": deletion("native"),
  "account change-password": passwordChange,
  "PUT /api/v1/account/password": passwordChange,
  "PUT /api/v1/users/{username}/password": reset,
  "PATCH /api/v1/account": ownProfile,
};
