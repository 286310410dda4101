import { expectedPostgres } from "./expected.ts";
import { type Ask, fromOwn, ownTables, readPostgresSchema } from "./postgres-schema.ts";
import { schemaDifferences } from "./schema.ts";

/** What stands in no definition and changes what queries and guards do; `own` are the tables. */
const additions: readonly string[] = [
  `select format('the trigger %s of table %s is disabled: alter table %I enable trigger %I', tgname, relname, relname, tgname) as what
    from own join pg_trigger on tgrelid = own.oid where tgenabled <> 'O' and not tgisinternal`,
  `select format('a foreign key of table %s is not enforced: alter table %I enable trigger all', relname, relname) as what
    from own join pg_trigger on tgrelid = own.oid where tgenabled <> 'O' and tgisinternal`,
  `select format('the index %s of table %s is not valid: reindex index %s', indexrelid::regclass, relname, indexrelid::regclass) as what
    from own join pg_index on indrelid = own.oid where not (indisvalid and indisready and indislive)`,
  `select format('the table %s has the rule %s: drop it', relname, rulename) as what
    from own join pg_rewrite on ev_class = own.oid where relkind = 'r'`,
  `select format('the table %s has the row policy %s: drop it', relname, polname) as what
    from own join pg_policy on polrelid = own.oid`,
  `select format('the table %s has row security: alter table %I disable row level security, no force row level security', relname, relname) as what
    from own where relrowsecurity or relforcerowsecurity`,
  `select format('the table %s has the child table %s: drop it', relname, inhrelid::regclass) as what
    from own join pg_inherits on inhparent = own.oid`,
  `select format('the table %s is a child of %s: alter table %I no inherit %s', relname, inhparent::regclass, relname, inhparent::regclass) as what
    from own join pg_inherits on inhrelid = own.oid`,
];

/**
 * Functions and operators that PostgreSQL would take for its own: the better match for the arguments wins, wherever it stands in
 * the search path. So this query has exact matches alone. An extension brings its own.
 */
const standIns = `select 'function ' as what, oid::regprocedure::text as name from pg_proc where ${isStandIn("pg_proc", "pro")}
  union all
  select 'operator ', oid::regoperator::text from pg_operator where ${isStandIn("pg_operator", "opr")}`;

function isStandIn(catalogue: string, prefix: string): string {
  return `${prefix}namespace = (select oid from pg_namespace where nspname = current_schema())
    and ${prefix}name in (select ${prefix}name from ${catalogue} where ${prefix}namespace = 'pg_catalog'::regnamespace::oid)
    and not exists (select from pg_depend
      where classid = '${catalogue}'::regclass::oid and objid = ${catalogue}.oid and deptype = 'e')`;
}

/** Looks at the schema alone: for every start. */
export async function findPostgresSchemaFaults(ask: Ask): Promise<readonly string[]> {
  const others = await ask<{ what: string; name: string }>(standIns);
  // With these nobody can say what the other queries mean.
  if (others.length > 0) {
    return others.map(({ what, name }) => `the ${what}${name} stands in for one of PostgreSQL's: drop it`);
  }
  const faults = [...schemaDifferences(expectedPostgres, await readPostgresSchema(ask))];
  const found = await ask<{ what: string }>(`${fromOwn} ${additions.join(" union all ")}`, [ownTables]);
  faults.push(...found.map(({ what }) => what));
  return [...faults, ...(await findSettingFaults(ask))];
}

/**
 * Settings that lead the log's roles to other tables, take the guards away, or stand in for what they go by. They have no effect on
 * Ironlog's own connections, and no business there.
 */
export async function findSettingFaults(ask: Ask): Promise<readonly string[]> {
  const rows = await ask<{ role: string | null; database: string | null; setting: string }>(
    `${fromOwn}, roles as (
      select oid from pg_roles where rolname in (session_user, current_user)
      union select relowner from own
      union select grantee from own, aclexplode(relacl)
    )
    select rolname as role, datname as database, setting
    from pg_db_role_setting
      cross join unnest(setconfig) as setting
      left join pg_roles on pg_roles.oid = setrole
      left join pg_database on pg_database.oid = setdatabase
    where (setting like 'search_path=%' or setting like 'session_replication_role=%' or setting like 'ironlog.%')
      and (setdatabase = 0 or datname = current_database())
      and (setrole = 0 or setrole in (select oid from roles))`,
    [ownTables],
  );
  return rows.map(({ role, database, setting }) => {
    const [name = ""] = setting.split("=");
    const whom =
      role === null
        ? database === null
          ? "role all"
          : `database ${database}`
        : `role ${role}${database === null ? "" : ` in database ${database}`}`;
    const instead = name === "search_path" ? ", and name the schema in the URL or in PGOPTIONS" : "";
    return `${setting} is set for ${whom}: alter ${whom} reset ${name}${instead}`;
  });
}
