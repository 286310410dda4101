import { type Ask, fromOwn, ownTables } from "./postgres-schema.ts";

/** What a role may do, by table, column (`event(created)`) or sequence, such as `insert select`: as an event tells of a grant. */
export type RoleRights = Readonly<Record<string, string>>;

interface GrantedRight {
  /** `public` for everybody. */
  readonly role: string;
  readonly place: string;
  /** In small letters. */
  readonly right: string;
  readonly isWrite: boolean;
}

/** The rights on our tables, their columns and their sequences, but for those of their owners. */
async function readRights(ask: Ask): Promise<readonly GrantedRight[]> {
  return ask<GrantedRight>(
    `${fromOwn}, granted as (
      select relname as place, relowner, acl.* from own, aclexplode(relacl) as acl
      union all
      select relname || '(' || attname || ')', relowner, acl.* from own
        join pg_attribute on attrelid = own.oid and attacl is not null, aclexplode(attacl) as acl
      union all
      select sequence.relname, own.relowner, acl.* from own
        join pg_depend on refobjid = own.oid and refclassid = 'pg_class'::regclass and classid = 'pg_class'::regclass
        join pg_class as sequence on sequence.oid = objid and sequence.relkind = 'S', aclexplode(sequence.relacl) as acl
    )
    select distinct coalesce(rolname, 'public') as role, place, lower(privilege_type) as right,
        privilege_type not in ('SELECT', 'REFERENCES') as "isWrite"
      from granted left join pg_roles on pg_roles.oid = grantee
      where grantee <> relowner order by 1, 2, 3`,
    [ownTables],
  );
}

/** The rights that a role has now: what is recorded of a grant. */
export async function rightsOf(ask: Ask, role: string): Promise<RoleRights> {
  const own = (await readRights(ask)).filter((granted) => granted.role === role);
  return Object.fromEntries(
    [...Map.groupBy(own, ({ place }) => place)].map(([place, rights]) => [
      place,
      rights.map(({ right }) => right).join(" "),
    ]),
  );
}

/** The rights that no grant of Ironlog's has given, a sentence for each role: those to write, and those to read. */
export async function findUnknownRights(
  ask: Ask,
): Promise<{ readonly writes: readonly string[]; readonly reads: readonly string[] }> {
  const known = await readGrants(ask);
  const unknown = (await readRights(ask)).filter(
    ({ role, place, right }) => known.get(role)?.[place]?.split(" ").includes(right) !== true,
  );
  const describe = (isWrite: boolean, may: string): readonly string[] =>
    [
      ...Map.groupBy(
        unknown.filter((granted) => granted.isWrite === isWrite),
        ({ role }) => role,
      ),
    ].map(
      ([role, rights]) => `the role ${role} may ${may}, and no ironlog migrate --grant said so (${listed(rights)})`,
    );
  return { writes: [...describe(true, "write"), ...(await findOtherOwners(ask))], reads: describe(false, "read") };
}

/** The rights that each role was granted last, as the log tells it. What other programs report doesn't count. */
async function readGrants(ask: Ask): Promise<ReadonlyMap<string, RoleRights>> {
  const events = await ask<{ details: string | null }>(
    `select details from event where action = 'schema.grant' and source = 'ironlog' and outcome = 'success' order by id`,
  );
  const grants = events.flatMap(({ details }) => {
    try {
      const { role, rights } = JSON.parse(details ?? "") as { readonly role?: string; readonly rights?: RoleRights };
      return role === undefined || rights === undefined ? [] : [[role, rights] as const];
    } catch {
      // The verification of the events says what is wrong with them.
      return [];
    }
  });
  return new Map(grants);
}

/** An owner can do everything. */
async function findOtherOwners(ask: Ask): Promise<readonly string[]> {
  const rows = await ask<{ table: string; role: string }>(
    `${fromOwn} select relname as table, rolname as role from own join pg_roles on pg_roles.oid = relowner
      where relowner <> (select relowner from own where relname = 'log_head') order by relname`,
    [ownTables],
  );
  return rows.map(({ table, role }) => `the table ${table} belongs to ${role}, and others to another role`);
}

const listedMax = 5;

function listed(rights: readonly GrantedRight[]): string {
  const words = rights.map(({ place, right }) => `${right} on ${place}`);
  const more = words.length - listedMax;
  return `${words.slice(0, listedMax).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
