// Written by `npm run docs` from the server's OpenAPI document.

/** The operations of the native API, by method and path below /api/v1. */
export interface Operations {
  "POST /session": {
    query: undefined;
    body: { readonly username: string; readonly password: string; readonly code?: string };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly second_factor: "on" | "off" | "wanted" | "needed";
      readonly second_factor_due: string | null;
      readonly realm: string | null;
      readonly default_view: {
        readonly id: number;
        readonly filter: string;
        readonly order: "newest" | "oldest";
      } | null;
      readonly reads_realm: boolean;
    };
  };
  "GET /session": {
    query: undefined;
    body: undefined;
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly second_factor: "on" | "off" | "wanted" | "needed";
      readonly second_factor_due: string | null;
      readonly realm: string | null;
      readonly default_view: {
        readonly id: number;
        readonly filter: string;
        readonly order: "newest" | "oldest";
      } | null;
      readonly reads_realm: boolean;
    };
  };
  "DELETE /session": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /sessions": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly created: string;
        readonly last_used: string;
        readonly expires: string;
        readonly ip: string | null;
        readonly last_ip: string | null;
        readonly fingerprint: string;
        readonly user_agent: string;
        readonly is_by_provider: boolean;
        readonly is_current: boolean;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "DELETE /sessions": {
    query: { except?: "current" };
    body: undefined;
    answer: undefined;
  };
  "DELETE /sessions/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /users/{username}/sessions": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly created: string;
        readonly last_used: string;
        readonly expires: string;
        readonly ip: string | null;
        readonly last_ip: string | null;
        readonly fingerprint: string;
        readonly user_agent: string;
        readonly is_by_provider: boolean;
        readonly is_current: boolean;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "DELETE /users/{username}/sessions": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "DELETE /users/{username}/sessions/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "POST /session/factor": {
    query: undefined;
    body: {
      readonly pending_login: string;
      readonly code?: string;
      readonly passkey?: Readonly<Record<string, unknown>>;
    };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly second_factor: "on" | "off" | "wanted" | "needed";
      readonly second_factor_due: string | null;
      readonly realm: string | null;
      readonly default_view: {
        readonly id: number;
        readonly filter: string;
        readonly order: "newest" | "oldest";
      } | null;
      readonly reads_realm: boolean;
    };
  };
  "GET /session/factor": {
    query: undefined;
    body: undefined;
    answer: {
      readonly factors: readonly ("totp" | "passkey" | "recovery_code")[];
      readonly passkey_options: Readonly<Record<string, unknown>> | null;
      readonly state: string;
    };
  };
  "PUT /session/factor": {
    query: undefined;
    body: { readonly state?: string; readonly code?: string; readonly passkey?: Readonly<Record<string, unknown>> };
    answer: undefined;
  };
  "POST /account/second-factor/totp": {
    query: undefined;
    body: { readonly password?: string; readonly code?: string };
    answer: { readonly uri: string; readonly secret: string; readonly enrolment: string };
  };
  "POST /account/second-factor/passkey": {
    query: undefined;
    body: { readonly password?: string; readonly code?: string };
    answer: { readonly options: Readonly<Record<string, unknown>>; readonly enrolment: string };
  };
  "GET /account/second-factor": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: string;
        readonly kind: "totp" | "passkey";
        readonly name: string;
        readonly created: string;
        readonly last_used: string | null;
      }[];
      readonly recovery_codes_left: number;
      readonly due: string | null;
    };
  };
  "POST /account/second-factor": {
    query: undefined;
    body: {
      readonly enrolment: string;
      readonly name?: string;
      readonly code?: string;
      readonly passkey?: Readonly<Record<string, unknown>>;
    };
    answer: { readonly id: string; readonly recovery_codes: readonly string[] | null };
  };
  "POST /account/second-factor/{id}/remove": {
    query: undefined;
    body: { readonly code?: string };
    answer: undefined;
  };
  "POST /account/second-factor/recovery-codes": {
    query: undefined;
    body: { readonly code?: string };
    answer: { readonly recovery_codes: readonly string[] | null };
  };
  "DELETE /users/{username}/second-factor": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /account": {
    query: undefined;
    body: undefined;
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly last_login: string | null;
    };
  };
  "PATCH /account": {
    query: undefined;
    body: { readonly email?: string; readonly last_name?: string };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
    };
  };
  "PUT /account/password": {
    query: undefined;
    body: { readonly old_password: string; readonly new_password: string; readonly end_tokens?: boolean };
    answer: undefined;
  };
  "GET /users": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly username: string;
        readonly email: string;
        readonly last_name: string;
        readonly is_superuser: boolean;
        readonly is_auditor: boolean;
        readonly is_break_glass: boolean;
        readonly has_password: boolean | null;
        readonly is_active: boolean;
        readonly created: string;
        readonly last_seen: string | null;
        readonly api_keys: number | null;
        readonly ssh_keys: number | null;
        readonly ssl_keys: number | null;
        readonly second_factor: boolean | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /users": {
    query: undefined;
    body: {
      readonly username: string;
      readonly email: string;
      readonly last_name?: string;
      readonly password: string;
      readonly is_superuser?: boolean;
      readonly is_auditor?: boolean;
    };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
    };
  };
  "GET /users/{username}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly last_seen: string | null;
      readonly api_keys: number | null;
      readonly ssh_keys: number | null;
      readonly ssl_keys: number | null;
      readonly second_factor: boolean | null;
    };
  };
  "PATCH /users/{username}": {
    query: undefined;
    body: {
      readonly email?: string;
      readonly last_name?: string;
      readonly is_superuser?: boolean;
      readonly is_auditor?: boolean;
      readonly is_break_glass?: boolean;
      readonly is_active?: boolean;
    };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
    };
  };
  "DELETE /users/{username}": {
    query: { transfer_resources_to?: string };
    body: undefined;
    answer: undefined;
  };
  "PUT /users/{username}/password": {
    query: undefined;
    body: { readonly new_password: string };
    answer: undefined;
  };
  "GET /oidc-providers": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly issuer: string;
        readonly title: string;
        readonly client_id: string;
        readonly scopes: string;
        readonly accounts: "link" | "create";
        readonly username_claim: string;
        readonly role_claim: string;
        readonly administrator_value: string;
        readonly auditor_value: string;
        readonly required_claim: string;
        readonly required_value: string;
        readonly is_enabled: boolean;
        readonly has_client_secret: boolean;
        readonly redirect_uri: string;
        readonly backchannel_logout_uri: string;
        readonly post_logout_redirect_uri: string;
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /oidc-providers": {
    query: undefined;
    body: {
      readonly name: string;
      readonly issuer: string;
      readonly title?: string;
      readonly client_id: string;
      readonly scopes?: string;
      readonly accounts?: "link" | "create";
      readonly username_claim?: string;
      readonly role_claim?: string;
      readonly administrator_value?: string;
      readonly auditor_value?: string;
      readonly required_claim?: string;
      readonly required_value?: string;
      readonly is_enabled?: boolean;
      readonly client_secret?: string;
    };
    answer: {
      readonly name: string;
      readonly issuer: string;
      readonly title: string;
      readonly client_id: string;
      readonly scopes: string;
      readonly accounts: "link" | "create";
      readonly username_claim: string;
      readonly role_claim: string;
      readonly administrator_value: string;
      readonly auditor_value: string;
      readonly required_claim: string;
      readonly required_value: string;
      readonly is_enabled: boolean;
      readonly has_client_secret: boolean;
      readonly redirect_uri: string;
      readonly backchannel_logout_uri: string;
      readonly post_logout_redirect_uri: string;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /oidc-providers/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly issuer: string;
      readonly title: string;
      readonly client_id: string;
      readonly scopes: string;
      readonly accounts: "link" | "create";
      readonly username_claim: string;
      readonly role_claim: string;
      readonly administrator_value: string;
      readonly auditor_value: string;
      readonly required_claim: string;
      readonly required_value: string;
      readonly is_enabled: boolean;
      readonly has_client_secret: boolean;
      readonly redirect_uri: string;
      readonly backchannel_logout_uri: string;
      readonly post_logout_redirect_uri: string;
      readonly created: string;
      readonly updated: string;
    };
  };
  "PATCH /oidc-providers/{name}": {
    query: undefined;
    body: {
      readonly title?: string;
      readonly client_id?: string;
      readonly scopes?: string;
      readonly accounts?: "link" | "create";
      readonly username_claim?: string;
      readonly role_claim?: string;
      readonly administrator_value?: string;
      readonly auditor_value?: string;
      readonly required_claim?: string;
      readonly required_value?: string;
      readonly is_enabled?: boolean;
      readonly client_secret?: string;
    };
    answer: {
      readonly name: string;
      readonly issuer: string;
      readonly title: string;
      readonly client_id: string;
      readonly scopes: string;
      readonly accounts: "link" | "create";
      readonly username_claim: string;
      readonly role_claim: string;
      readonly administrator_value: string;
      readonly auditor_value: string;
      readonly required_claim: string;
      readonly required_value: string;
      readonly is_enabled: boolean;
      readonly has_client_secret: boolean;
      readonly redirect_uri: string;
      readonly backchannel_logout_uri: string;
      readonly post_logout_redirect_uri: string;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /oidc-providers/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "POST /oidc-providers/{name}/test": {
    query: undefined;
    body: undefined;
    answer: { readonly is_usable: boolean; readonly problems: readonly string[]; readonly notes: readonly string[] };
  };
  "GET /account/identities": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly provider: string;
        readonly issuer: string;
        readonly subject: string;
        readonly created: string;
        readonly last_login: string | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/identities": {
    query: undefined;
    body: { readonly provider: string };
    answer: { readonly url: string };
  };
  "GET /users/{username}/identities": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly provider: string;
        readonly issuer: string;
        readonly subject: string;
        readonly created: string;
        readonly last_login: string | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /users/{username}/identities": {
    query: undefined;
    body: { readonly provider: string; readonly subject: string };
    answer: {
      readonly id: number;
      readonly provider: string;
      readonly issuer: string;
      readonly subject: string;
      readonly created: string;
      readonly last_login: string | null;
    };
  };
  "DELETE /users/{username}/identities/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /oidc-leavers": {
    query: { days?: number };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly username: string;
        readonly is_active: boolean;
        readonly provider: string;
        readonly issuer: string;
        readonly subject: string;
        readonly last_login: string | null;
        readonly api_keys: number;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "GET /sign-in": {
    query: undefined;
    body: undefined;
    answer: {
      readonly has_passwords: boolean;
      readonly has_maas_keys: boolean;
      readonly is_first_login: boolean;
      readonly providers: readonly { readonly name: string; readonly title: string; readonly path: string }[];
    };
  };
  "POST /session/end": {
    query: undefined;
    body: undefined;
    answer: { readonly url: string | null };
  };
  "GET /account/tokens": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly token_key: string;
        readonly consumer_key: string;
        readonly name: string;
        readonly fingerprint: string;
        readonly created: string;
        readonly scopes: readonly ("events:read" | "events:write" | "audit" | "admin")[] | null;
        readonly expires: string | null;
        readonly source: string | null;
        readonly last_used: string | null;
        readonly last_ip: string | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/tokens": {
    query: undefined;
    body: { readonly name?: string; readonly scopes?: readonly string[]; readonly expires?: string };
    answer: {
      readonly token_key: string;
      readonly consumer_key: string;
      readonly name: string;
      readonly fingerprint: string;
      readonly created: string;
      readonly scopes: readonly ("events:read" | "events:write" | "audit" | "admin")[] | null;
      readonly expires: string | null;
      readonly source: string | null;
    } & { readonly api_key: string };
  };
  "PATCH /account/tokens/{token_key}": {
    query: undefined;
    body: { readonly name: string };
    answer: {
      readonly token_key: string;
      readonly consumer_key: string;
      readonly name: string;
      readonly fingerprint: string;
      readonly created: string;
      readonly scopes: readonly ("events:read" | "events:write" | "audit" | "admin")[] | null;
      readonly expires: string | null;
      readonly source: string | null;
    };
  };
  "DELETE /account/tokens/{token_key}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /users/{username}/tokens": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly token_key: string;
        readonly consumer_key: string;
        readonly name: string;
        readonly fingerprint: string;
        readonly created: string;
        readonly scopes: readonly ("events:read" | "events:write" | "audit" | "admin")[] | null;
        readonly expires: string | null;
        readonly source: string | null;
        readonly last_used: string | null;
        readonly last_ip: string | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /users/{username}/tokens": {
    query: undefined;
    body: {
      readonly name?: string;
      readonly scopes?: readonly string[];
      readonly expires?: string;
      readonly source?: string;
    };
    answer: {
      readonly token_key: string;
      readonly consumer_key: string;
      readonly name: string;
      readonly fingerprint: string;
      readonly created: string;
      readonly scopes: readonly ("events:read" | "events:write" | "audit" | "admin")[] | null;
      readonly expires: string | null;
      readonly source: string | null;
    } & { readonly api_key: string };
  };
  "DELETE /users/{username}/tokens/{token_key}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /account/ssh-keys": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly key: string;
        readonly fingerprint: string;
        readonly source: string | null;
        readonly created: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/ssh-keys": {
    query: undefined;
    body: { readonly key: string };
    answer: {
      readonly id: number;
      readonly key: string;
      readonly fingerprint: string;
      readonly source: string | null;
      readonly created: string;
    };
  };
  "GET /account/ssh-keys/{id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly key: string;
      readonly fingerprint: string;
      readonly source: string | null;
      readonly created: string;
    };
  };
  "DELETE /account/ssh-keys/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /users/{username}/ssh-keys": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly key: string;
        readonly fingerprint: string;
        readonly source: string | null;
        readonly created: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/ssh-keys/imports": {
    query: undefined;
    body: { readonly source: string };
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly key: string;
        readonly fingerprint: string;
        readonly source: string | null;
        readonly created: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "GET /account/ssl-keys": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly key: string;
        readonly subject: string;
        readonly fingerprint: string;
        readonly expires: string;
        readonly created: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/ssl-keys": {
    query: undefined;
    body: { readonly key: string };
    answer: {
      readonly id: number;
      readonly key: string;
      readonly subject: string;
      readonly fingerprint: string;
      readonly expires: string;
      readonly created: string;
    };
  };
  "GET /account/ssl-keys/{id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly key: string;
      readonly subject: string;
      readonly fingerprint: string;
      readonly expires: string;
      readonly created: string;
    };
  };
  "DELETE /account/ssl-keys/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /settings": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly value: string | number | boolean | null;
        readonly title: string;
        readonly unit: "seconds" | "minutes" | "hours" | "days" | null;
        readonly is_secret: boolean;
        readonly group: string;
        readonly help: string;
        readonly kind: "boolean" | "number" | "choice" | "text";
        readonly choices: readonly (string | number)[] | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "GET /settings/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly value: string | number | boolean | null;
      readonly title: string;
      readonly unit: "seconds" | "minutes" | "hours" | "days" | null;
      readonly is_secret: boolean;
      readonly group: string;
      readonly help: string;
      readonly kind: "boolean" | "number" | "choice" | "text";
      readonly choices: readonly (string | number)[] | null;
    };
  };
  "PUT /settings/{name}": {
    query: undefined;
    body: { readonly value: string | number | boolean | null };
    answer: {
      readonly name: string;
      readonly value: string | number | boolean | null;
      readonly title: string;
      readonly unit: "seconds" | "minutes" | "hours" | "days" | null;
      readonly is_secret: boolean;
      readonly group: string;
      readonly help: string;
      readonly kind: "boolean" | "number" | "choice" | "text";
      readonly choices: readonly (string | number)[] | null;
    };
  };
  "GET /nodes": {
    query: {
      type?: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
      hostname?: string;
      zone?: string;
      pool?: string;
      domain?: string;
      status?:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      mac_address?: string;
      agent_name?: string;
      tag?: string;
    };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly system_id: string;
        readonly hostname: string;
        readonly fqdn: string;
        readonly type: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
        readonly status:
          | "New"
          | "Commissioning"
          | "Failed commissioning"
          | "Missing"
          | "Ready"
          | "Reserved"
          | "Deployed"
          | "Retired"
          | "Broken"
          | "Deploying"
          | "Allocated"
          | "Failed deployment"
          | "Releasing"
          | "Releasing failed"
          | "Disk erasing"
          | "Failed disk erasing"
          | "Rescue mode"
          | "Entering rescue mode"
          | "Failed to enter rescue mode"
          | "Exiting rescue mode"
          | "Failed to exit rescue mode"
          | "Testing"
          | "Failed testing";
        readonly zone: string;
        readonly pool: string | null;
        readonly domain: string;
        readonly owner: string | null;
        readonly agent_name: string;
        readonly architecture: string;
        readonly power_type: string;
        readonly power_state: "on" | "off" | "unknown" | "error";
        readonly description: string;
        readonly osystem: string;
        readonly distro_series: string;
        readonly hwe_kernel: string;
        readonly min_hwe_kernel: string;
        readonly swap_size: number | null;
        readonly cpu_count: number;
        readonly memory: number;
        readonly parent: string | null;
        readonly is_locked: boolean;
        readonly mac_addresses: readonly string[];
        readonly tags: readonly string[];
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /nodes": {
    query: undefined;
    body: {
      readonly hostname?: string;
      readonly domain?: string;
      readonly zone?: string;
      readonly pool?: string;
      readonly architecture?: string;
      readonly power_type?: string;
      readonly description?: string;
      readonly osystem?: string;
      readonly distro_series?: string;
      readonly hwe_kernel?: string;
      readonly min_hwe_kernel?: string;
      readonly swap_size?: number | null;
      readonly cpu_count?: number;
      readonly memory?: number;
      readonly parent?: string | null;
      readonly mac_addresses?: readonly string[];
      readonly status?:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly type?: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
    };
    answer: {
      readonly system_id: string;
      readonly hostname: string;
      readonly fqdn: string;
      readonly type: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
      readonly status:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly zone: string;
      readonly pool: string | null;
      readonly domain: string;
      readonly owner: string | null;
      readonly agent_name: string;
      readonly architecture: string;
      readonly power_type: string;
      readonly power_state: "on" | "off" | "unknown" | "error";
      readonly description: string;
      readonly osystem: string;
      readonly distro_series: string;
      readonly hwe_kernel: string;
      readonly min_hwe_kernel: string;
      readonly swap_size: number | null;
      readonly cpu_count: number;
      readonly memory: number;
      readonly parent: string | null;
      readonly is_locked: boolean;
      readonly mac_addresses: readonly string[];
      readonly tags: readonly string[];
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /nodes/{system_id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly system_id: string;
      readonly hostname: string;
      readonly fqdn: string;
      readonly type: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
      readonly status:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly zone: string;
      readonly pool: string | null;
      readonly domain: string;
      readonly owner: string | null;
      readonly agent_name: string;
      readonly architecture: string;
      readonly power_type: string;
      readonly power_state: "on" | "off" | "unknown" | "error";
      readonly description: string;
      readonly osystem: string;
      readonly distro_series: string;
      readonly hwe_kernel: string;
      readonly min_hwe_kernel: string;
      readonly swap_size: number | null;
      readonly cpu_count: number;
      readonly memory: number;
      readonly parent: string | null;
      readonly is_locked: boolean;
      readonly mac_addresses: readonly string[];
      readonly tags: readonly string[];
      readonly created: string;
      readonly updated: string;
    };
  };
  "PATCH /nodes/{system_id}": {
    query: undefined;
    body: {
      readonly hostname?: string;
      readonly domain?: string;
      readonly zone?: string;
      readonly pool?: string;
      readonly architecture?: string;
      readonly power_type?: string;
      readonly description?: string;
      readonly osystem?: string;
      readonly distro_series?: string;
      readonly hwe_kernel?: string;
      readonly min_hwe_kernel?: string;
      readonly swap_size?: number | null;
      readonly cpu_count?: number;
      readonly memory?: number;
      readonly parent?: string | null;
      readonly mac_addresses?: readonly string[];
      readonly status?:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly power_state?: "on" | "off" | "unknown" | "error";
      readonly agent_name?: string;
    };
    answer: {
      readonly system_id: string;
      readonly hostname: string;
      readonly fqdn: string;
      readonly type: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
      readonly status:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly zone: string;
      readonly pool: string | null;
      readonly domain: string;
      readonly owner: string | null;
      readonly agent_name: string;
      readonly architecture: string;
      readonly power_type: string;
      readonly power_state: "on" | "off" | "unknown" | "error";
      readonly description: string;
      readonly osystem: string;
      readonly distro_series: string;
      readonly hwe_kernel: string;
      readonly min_hwe_kernel: string;
      readonly swap_size: number | null;
      readonly cpu_count: number;
      readonly memory: number;
      readonly parent: string | null;
      readonly is_locked: boolean;
      readonly mac_addresses: readonly string[];
      readonly tags: readonly string[];
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /nodes/{system_id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "POST /nodes/{system_id}/steps": {
    query: undefined;
    body: {
      readonly step:
        | "commission"
        | "acquire"
        | "deploy"
        | "release"
        | "abort"
        | "test"
        | "rescue_mode"
        | "exit_rescue_mode"
        | "mark_broken"
        | "mark_fixed"
        | "override_failed_testing"
        | "lock"
        | "unlock"
        | "power_on"
        | "power_off";
      readonly agent_name?: string;
      readonly comment?: string;
    };
    answer: {
      readonly system_id: string;
      readonly hostname: string;
      readonly fqdn: string;
      readonly type: "machine" | "device" | "rack controller" | "region controller" | "region and rack controller";
      readonly status:
        | "New"
        | "Commissioning"
        | "Failed commissioning"
        | "Missing"
        | "Ready"
        | "Reserved"
        | "Deployed"
        | "Retired"
        | "Broken"
        | "Deploying"
        | "Allocated"
        | "Failed deployment"
        | "Releasing"
        | "Releasing failed"
        | "Disk erasing"
        | "Failed disk erasing"
        | "Rescue mode"
        | "Entering rescue mode"
        | "Failed to enter rescue mode"
        | "Exiting rescue mode"
        | "Failed to exit rescue mode"
        | "Testing"
        | "Failed testing";
      readonly zone: string;
      readonly pool: string | null;
      readonly domain: string;
      readonly owner: string | null;
      readonly agent_name: string;
      readonly architecture: string;
      readonly power_type: string;
      readonly power_state: "on" | "off" | "unknown" | "error";
      readonly description: string;
      readonly osystem: string;
      readonly distro_series: string;
      readonly hwe_kernel: string;
      readonly min_hwe_kernel: string;
      readonly swap_size: number | null;
      readonly cpu_count: number;
      readonly memory: number;
      readonly parent: string | null;
      readonly is_locked: boolean;
      readonly mac_addresses: readonly string[];
      readonly tags: readonly string[];
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /zones": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly { readonly name: string; readonly description: string }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /zones": {
    query: undefined;
    body: { readonly name: string; readonly description?: string };
    answer: { readonly name: string; readonly description: string };
  };
  "GET /zones/{name}": {
    query: undefined;
    body: undefined;
    answer: { readonly name: string; readonly description: string };
  };
  "PATCH /zones/{name}": {
    query: undefined;
    body: { readonly name?: string; readonly description?: string };
    answer: { readonly name: string; readonly description: string };
  };
  "DELETE /zones/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /pools": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly { readonly name: string; readonly description: string }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /pools": {
    query: undefined;
    body: { readonly name: string; readonly description?: string };
    answer: { readonly name: string; readonly description: string };
  };
  "GET /pools/{name}": {
    query: undefined;
    body: undefined;
    answer: { readonly name: string; readonly description: string };
  };
  "PATCH /pools/{name}": {
    query: undefined;
    body: { readonly name?: string; readonly description?: string };
    answer: { readonly name: string; readonly description: string };
  };
  "DELETE /pools/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /domains": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly is_authoritative: boolean;
        readonly ttl_seconds: number | null;
        readonly node_count: number;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /domains": {
    query: undefined;
    body: { readonly name: string; readonly is_authoritative?: boolean; readonly ttl_seconds?: number | null };
    answer: {
      readonly name: string;
      readonly is_authoritative: boolean;
      readonly ttl_seconds: number | null;
      readonly node_count: number;
    };
  };
  "GET /domains/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly is_authoritative: boolean;
      readonly ttl_seconds: number | null;
      readonly node_count: number;
    };
  };
  "PATCH /domains/{name}": {
    query: undefined;
    body: { readonly name?: string; readonly is_authoritative?: boolean; readonly ttl_seconds?: number | null };
    answer: {
      readonly name: string;
      readonly is_authoritative: boolean;
      readonly ttl_seconds: number | null;
      readonly node_count: number;
    };
  };
  "DELETE /domains/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /tags": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly definition: string;
        readonly comment: string;
        readonly kernel_opts: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /tags": {
    query: undefined;
    body: {
      readonly name: string;
      readonly definition?: string;
      readonly comment?: string;
      readonly kernel_opts?: string;
    };
    answer: {
      readonly name: string;
      readonly definition: string;
      readonly comment: string;
      readonly kernel_opts: string;
    };
  };
  "GET /tags/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly definition: string;
      readonly comment: string;
      readonly kernel_opts: string;
    };
  };
  "PATCH /tags/{name}": {
    query: undefined;
    body: {
      readonly name?: string;
      readonly definition?: string;
      readonly comment?: string;
      readonly kernel_opts?: string;
    };
    answer: {
      readonly name: string;
      readonly definition: string;
      readonly comment: string;
      readonly kernel_opts: string;
    };
  };
  "DELETE /tags/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "PATCH /tags/{name}/nodes": {
    query: undefined;
    body: { readonly add?: readonly string[]; readonly remove?: readonly string[] };
    answer: { readonly added: number; readonly removed: number };
  };
  "GET /scripts": {
    query: {
      type?: "commissioning" | "testing";
      hardware_type?: "node" | "cpu" | "memory" | "storage" | "network";
      filter?: string;
    };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly name: string;
        readonly title: string;
        readonly description: string;
        readonly tags: readonly string[];
        readonly type: "commissioning" | "testing";
        readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
        readonly parallel: "disabled" | "instance" | "any";
        readonly packages: Readonly<Record<string, unknown>>;
        readonly timeout_seconds: number;
        readonly destructive: boolean;
        readonly for_hardware: readonly string[];
        readonly may_reboot: boolean;
        readonly recommission: boolean;
        readonly apply_configured_networking: boolean;
        readonly results: Readonly<Record<string, unknown>> | readonly string[];
        readonly parameters: Readonly<Record<string, unknown>>;
        readonly revision: number;
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /scripts": {
    query: undefined;
    body: {
      readonly name?: string;
      readonly title?: string;
      readonly description?: string;
      readonly tags?: readonly string[];
      readonly type?: "commissioning" | "testing";
      readonly hardware_type?: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel?: "disabled" | "instance" | "any";
      readonly packages?: Readonly<Record<string, unknown>>;
      readonly timeout_seconds?: number;
      readonly destructive?: boolean;
      readonly for_hardware?: readonly string[];
      readonly may_reboot?: boolean;
      readonly recommission?: boolean;
      readonly apply_configured_networking?: boolean;
      readonly comment?: string;
      readonly script: string;
    };
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /scripts/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "PATCH /scripts/{name}": {
    query: undefined;
    body: {
      readonly name?: string;
      readonly title?: string;
      readonly description?: string;
      readonly tags?: readonly string[];
      readonly type?: "commissioning" | "testing";
      readonly hardware_type?: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel?: "disabled" | "instance" | "any";
      readonly packages?: Readonly<Record<string, unknown>>;
      readonly timeout_seconds?: number;
      readonly destructive?: boolean;
      readonly for_hardware?: readonly string[];
      readonly may_reboot?: boolean;
      readonly recommission?: boolean;
      readonly apply_configured_networking?: boolean;
      readonly comment?: string;
      readonly script?: string;
    };
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /scripts/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "PUT /scripts/{name}/tags/{tag}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /scripts/{name}/tags/{tag}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /scripts/{name}/revisions": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly comment: string | null;
        readonly created: string;
        readonly size_bytes: number;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "GET /scripts/{name}/revisions/{id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly comment: string | null;
      readonly created: string;
      readonly size_bytes: number;
      readonly content: string;
      readonly previous: number | null;
      readonly diff: string;
      readonly diff_is_whole: boolean;
    };
  };
  "POST /scripts/{name}/revert": {
    query: undefined;
    body: { readonly to: number };
    answer: {
      readonly id: number;
      readonly name: string;
      readonly title: string;
      readonly description: string;
      readonly tags: readonly string[];
      readonly type: "commissioning" | "testing";
      readonly hardware_type: "node" | "cpu" | "memory" | "storage" | "network";
      readonly parallel: "disabled" | "instance" | "any";
      readonly packages: Readonly<Record<string, unknown>>;
      readonly timeout_seconds: number;
      readonly destructive: boolean;
      readonly for_hardware: readonly string[];
      readonly may_reboot: boolean;
      readonly recommission: boolean;
      readonly apply_configured_networking: boolean;
      readonly results: Readonly<Record<string, unknown>> | readonly string[];
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly revision: number;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /events": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
      text?: string;
      before?: number;
      after?: number;
      limit?: number;
    };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly level: string;
        readonly type: string;
        readonly type_words: string;
        readonly action: string;
        readonly outcome: "success" | "failure";
        readonly source: string;
        readonly created: string;
        readonly occurred: string;
        readonly username: string | null;
        readonly user_id: number | null;
        readonly ip: string | null;
        readonly user_agent: string | null;
        readonly endpoint: string | null;
        readonly trace_id: string | null;
        readonly forwarded: string | null;
        readonly reporter: string | null;
        readonly session: string | null;
        readonly key: string | null;
        readonly target_kind: string | null;
        readonly target_id: string | null;
        readonly target_name: string | null;
        readonly description: string | null;
        readonly details: Readonly<Record<string, unknown>> | null;
        readonly node: string | null;
        readonly hostname: string | null;
        readonly generation: number | null;
        readonly source_event_id: number | null;
        readonly source_type: string | null;
        readonly source_type_words: string | null;
        readonly realm: string | null;
        readonly realm_user_id: number | null;
        readonly leaf_hash: string;
      }[];
      readonly newer: string | null;
      readonly older: string | null;
      readonly searched_to: { readonly id: number; readonly created: string | null } | null;
      readonly search: { readonly indexed_to: number | null; readonly is_complete: boolean } | null;
      readonly did_you_mean: readonly {
        readonly filter: "owner" | "type" | "action" | "node" | "target";
        readonly value: string;
      }[];
    };
  };
  "POST /events": {
    query: undefined;
    body:
      | {
          readonly level?: "AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
          readonly type: string;
          readonly action: string;
          readonly description: string;
          readonly outcome?: "success" | "failure";
          readonly occurred?: string;
          readonly username?: string;
          readonly node?: string;
          readonly hostname?: string;
          readonly target?: { readonly kind?: string; readonly id?: string; readonly name?: string };
          readonly details?: Readonly<Record<string, unknown>>;
          readonly source?: string;
          readonly key?: string;
        }
      | readonly {
          readonly level?: "AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
          readonly type: string;
          readonly action: string;
          readonly description: string;
          readonly outcome?: "success" | "failure";
          readonly occurred?: string;
          readonly username?: string;
          readonly node?: string;
          readonly hostname?: string;
          readonly target?: { readonly kind?: string; readonly id?: string; readonly name?: string };
          readonly details?: Readonly<Record<string, unknown>>;
          readonly source?: string;
          readonly key?: string;
        }[];
    answer: { readonly items: readonly { readonly id: number; readonly status: "recorded" | "duplicate" }[] };
  };
  "GET /events/{id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly level: string;
      readonly type: string;
      readonly type_words: string;
      readonly action: string;
      readonly outcome: "success" | "failure";
      readonly source: string;
      readonly created: string;
      readonly occurred: string;
      readonly username: string | null;
      readonly user_id: number | null;
      readonly ip: string | null;
      readonly user_agent: string | null;
      readonly endpoint: string | null;
      readonly trace_id: string | null;
      readonly forwarded: string | null;
      readonly reporter: string | null;
      readonly session: string | null;
      readonly key: string | null;
      readonly target_kind: string | null;
      readonly target_id: string | null;
      readonly target_name: string | null;
      readonly description: string | null;
      readonly details: Readonly<Record<string, unknown>> | null;
      readonly node: string | null;
      readonly hostname: string | null;
      readonly generation: number | null;
      readonly source_event_id: number | null;
      readonly source_type: string | null;
      readonly source_type_words: string | null;
      readonly realm: string | null;
      readonly realm_user_id: number | null;
      readonly leaf_hash: string;
    };
  };
  "GET /events/histogram": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
      text?: string;
      bins?: number;
      time_zone?: string;
    };
    body: undefined;
    answer: {
      readonly since: string;
      readonly until: string;
      readonly counted_since: string;
      readonly failures_counted_since: string;
      readonly is_exact: boolean;
      readonly counted: number;
      readonly bins: readonly { readonly start: string; readonly count: number; readonly failures: number }[];
    };
  };
  "GET /events/top": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
      text?: string;
      by: "user" | "ip" | "action" | "target" | "type" | "node" | "outcome" | "source" | "session" | "key";
      limit?: number;
    };
    body: undefined;
    answer: {
      readonly items: readonly { readonly value: string | null; readonly count: number; readonly failures: number }[];
      readonly values: number;
      readonly counted: number;
      readonly counted_since: string | null;
    };
  };
  "GET /events/stream": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
      after?: number;
    };
    body: undefined;
    answer: undefined;
  };
  "GET /events/export": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
      format: "csv" | "jsonl";
      order?: "newest" | "oldest";
    };
    body: undefined;
    answer: undefined;
  };
  "GET /sources": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly way: "database" | "v3" | "api2";
        readonly database: string | null;
        readonly url: string | null;
        readonly username: string | null;
        readonly plain_http: boolean;
        readonly is_enabled: boolean;
        readonly has_database_password: boolean;
        readonly has_apikey: boolean;
        readonly has_password: boolean;
        readonly generation: number;
        readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
        readonly trouble: string | null;
        readonly recorded_to: number;
        readonly import_to: number | null;
        readonly mirrored: number;
        readonly gaps: number | null;
        readonly vanished: number | null;
        readonly changed: number | null;
        readonly first_id: number | null;
        readonly coverage: string | null;
        readonly waiting: number;
        readonly read_at: string | null;
        readonly grown_at: string | null;
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /sources": {
    query: undefined;
    body: {
      readonly name: string;
      readonly database?: string;
      readonly url?: string;
      readonly username?: string;
      readonly plain_http?: boolean;
      readonly is_enabled?: boolean;
      readonly database_password?: string;
      readonly apikey?: string;
      readonly password?: string;
    };
    answer: {
      readonly name: string;
      readonly way: "database" | "v3" | "api2";
      readonly database: string | null;
      readonly url: string | null;
      readonly username: string | null;
      readonly plain_http: boolean;
      readonly is_enabled: boolean;
      readonly has_database_password: boolean;
      readonly has_apikey: boolean;
      readonly has_password: boolean;
      readonly generation: number;
      readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
      readonly trouble: string | null;
      readonly recorded_to: number;
      readonly import_to: number | null;
      readonly mirrored: number;
      readonly gaps: number | null;
      readonly vanished: number | null;
      readonly changed: number | null;
      readonly first_id: number | null;
      readonly coverage: string | null;
      readonly waiting: number;
      readonly read_at: string | null;
      readonly grown_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /sources/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly way: "database" | "v3" | "api2";
      readonly database: string | null;
      readonly url: string | null;
      readonly username: string | null;
      readonly plain_http: boolean;
      readonly is_enabled: boolean;
      readonly has_database_password: boolean;
      readonly has_apikey: boolean;
      readonly has_password: boolean;
      readonly generation: number;
      readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
      readonly trouble: string | null;
      readonly recorded_to: number;
      readonly import_to: number | null;
      readonly mirrored: number;
      readonly gaps: number | null;
      readonly vanished: number | null;
      readonly changed: number | null;
      readonly first_id: number | null;
      readonly coverage: string | null;
      readonly waiting: number;
      readonly read_at: string | null;
      readonly grown_at: string | null;
      readonly created: string;
      readonly updated: string;
      readonly compared_to: number;
      readonly comparison_started: string | null;
      readonly comparison_ended: string | null;
      readonly runs: readonly {
        readonly state: "gap" | "vanished" | "changed";
        readonly first: number;
        readonly last: number;
        readonly noted: string;
      }[];
    };
  };
  "PATCH /sources/{name}": {
    query: undefined;
    body: {
      readonly database?: string;
      readonly url?: string;
      readonly username?: string;
      readonly plain_http?: boolean;
      readonly is_enabled?: boolean;
      readonly database_password?: string;
      readonly apikey?: string;
      readonly password?: string;
    };
    answer: {
      readonly name: string;
      readonly way: "database" | "v3" | "api2";
      readonly database: string | null;
      readonly url: string | null;
      readonly username: string | null;
      readonly plain_http: boolean;
      readonly is_enabled: boolean;
      readonly has_database_password: boolean;
      readonly has_apikey: boolean;
      readonly has_password: boolean;
      readonly generation: number;
      readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
      readonly trouble: string | null;
      readonly recorded_to: number;
      readonly import_to: number | null;
      readonly mirrored: number;
      readonly gaps: number | null;
      readonly vanished: number | null;
      readonly changed: number | null;
      readonly first_id: number | null;
      readonly coverage: string | null;
      readonly waiting: number;
      readonly read_at: string | null;
      readonly grown_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /sources/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "POST /sources/{name}/continue": {
    query: undefined;
    body: { readonly new_generation: boolean };
    answer: {
      readonly name: string;
      readonly way: "database" | "v3" | "api2";
      readonly database: string | null;
      readonly url: string | null;
      readonly username: string | null;
      readonly plain_http: boolean;
      readonly is_enabled: boolean;
      readonly has_database_password: boolean;
      readonly has_apikey: boolean;
      readonly has_password: boolean;
      readonly generation: number;
      readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
      readonly trouble: string | null;
      readonly recorded_to: number;
      readonly import_to: number | null;
      readonly mirrored: number;
      readonly gaps: number | null;
      readonly vanished: number | null;
      readonly changed: number | null;
      readonly first_id: number | null;
      readonly coverage: string | null;
      readonly waiting: number;
      readonly read_at: string | null;
      readonly grown_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "POST /sources/{name}/check": {
    query: undefined;
    body: undefined;
    answer: {
      readonly ways: readonly {
        readonly way: "database" | "v3" | "api2";
        readonly is_usable: boolean;
        readonly problems: readonly string[];
        readonly notes: readonly string[];
        readonly version: string | null;
        readonly rows: number | null;
        readonly first: string | null;
        readonly last: string | null;
      }[];
    };
  };
  "POST /sources/{name}/compare": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly way: "database" | "v3" | "api2";
      readonly database: string | null;
      readonly url: string | null;
      readonly username: string | null;
      readonly plain_http: boolean;
      readonly is_enabled: boolean;
      readonly has_database_password: boolean;
      readonly has_apikey: boolean;
      readonly has_password: boolean;
      readonly generation: number;
      readonly state: "mirroring" | "importing" | "failing" | "set_back" | "disabled" | "waiting";
      readonly trouble: string | null;
      readonly recorded_to: number;
      readonly import_to: number | null;
      readonly mirrored: number;
      readonly gaps: number | null;
      readonly vanished: number | null;
      readonly changed: number | null;
      readonly first_id: number | null;
      readonly coverage: string | null;
      readonly waiting: number;
      readonly read_at: string | null;
      readonly grown_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "POST /session/source": {
    query: undefined;
    body: { readonly api_key: string; readonly source?: string };
    answer: {
      readonly username: string;
      readonly email: string;
      readonly last_name: string;
      readonly is_superuser: boolean;
      readonly is_auditor: boolean;
      readonly is_break_glass: boolean;
      readonly has_password: boolean | null;
      readonly is_active: boolean;
      readonly created: string;
      readonly second_factor: "on" | "off" | "wanted" | "needed";
      readonly second_factor_due: string | null;
      readonly realm: string | null;
      readonly default_view: {
        readonly id: number;
        readonly filter: string;
        readonly order: "newest" | "oldest";
      } | null;
      readonly reads_realm: boolean;
    };
  };
  "DELETE /sources/{name}/sessions": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /account/maas-identities": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly source: string;
        readonly username: string;
        readonly realm_user_id: number;
        readonly generation: number;
        readonly created: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /account/maas-identities": {
    query: undefined;
    body: { readonly api_key: string; readonly source?: string };
    answer: {
      readonly id: number;
      readonly source: string;
      readonly username: string;
      readonly realm_user_id: number;
      readonly generation: number;
      readonly created: string;
    };
  };
  "DELETE /account/maas-identities/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /destinations": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
        readonly format:
          | "syslog"
          | "cef"
          | "json"
          | "cloudevents"
          | "cloudevents-batch"
          | "ocsf"
          | "ecs"
          | "otlp-protobuf"
          | "otlp-json"
          | "text";
        readonly url?: string;
        readonly directory?: string;
        readonly framing?: "octet-counting" | "lf";
        readonly protocol?: "rfc5424" | "rfc3164";
        readonly facility?: number;
        readonly record_limit?: number;
        readonly enterprise_number?: number;
        readonly ca?: string;
        readonly server_name?: string;
        readonly client_certificate?: string;
        readonly plain_http?: boolean;
        readonly index?: string;
        readonly acknowledge?: boolean;
        readonly tenant?: string;
        readonly username?: string;
        readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
        readonly rotate_bytes?: number;
        readonly rotate_hours?: number;
        readonly from?: string;
        readonly to?: readonly string[];
        readonly has_token: boolean;
        readonly has_password: boolean;
        readonly has_signing_key: boolean;
        readonly has_client_key: boolean;
        readonly filter: readonly string[];
        readonly exclude: readonly string[];
        readonly is_enabled: boolean;
        readonly paused: string | null;
        readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
        readonly last_error: string | null;
        readonly failing_since: string | null;
        readonly delivered_to: number;
        readonly behind: number;
        readonly behind_seconds: number | null;
        readonly delivered: number;
        readonly delivered_at: string | null;
        readonly delivered_last_minute: number;
        readonly dead_letters: number;
        readonly receipt: number | null;
        readonly receipt_at: string | null;
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /destinations": {
    query: undefined;
    body: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format?:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly token?: string;
      readonly password?: string;
      readonly signing_key?: string;
      readonly client_key?: string;
      readonly filter?: readonly string[];
      readonly exclude?: readonly string[];
      readonly start?: string;
      readonly is_enabled?: boolean;
    };
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /destinations/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "PATCH /destinations/{name}": {
    query: undefined;
    body: {
      readonly format?:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly token?: string;
      readonly password?: string;
      readonly signing_key?: string;
      readonly client_key?: string;
      readonly filter?: readonly string[];
      readonly exclude?: readonly string[];
    };
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /destinations/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "POST /destinations/{name}/pause": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "POST /destinations/{name}/resume": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "POST /destinations/{name}/replay": {
    query: undefined;
    body: { readonly start: string };
    answer: {
      readonly name: string;
      readonly transport: "syslog" | "webhook" | "splunk" | "elasticsearch" | "loki" | "otlp" | "file" | "email";
      readonly format:
        | "syslog"
        | "cef"
        | "json"
        | "cloudevents"
        | "cloudevents-batch"
        | "ocsf"
        | "ecs"
        | "otlp-protobuf"
        | "otlp-json"
        | "text";
      readonly url?: string;
      readonly directory?: string;
      readonly framing?: "octet-counting" | "lf";
      readonly protocol?: "rfc5424" | "rfc3164";
      readonly facility?: number;
      readonly record_limit?: number;
      readonly enterprise_number?: number;
      readonly ca?: string;
      readonly server_name?: string;
      readonly client_certificate?: string;
      readonly plain_http?: boolean;
      readonly index?: string;
      readonly acknowledge?: boolean;
      readonly tenant?: string;
      readonly username?: string;
      readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
      readonly rotate_bytes?: number;
      readonly rotate_hours?: number;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly has_token: boolean;
      readonly has_password: boolean;
      readonly has_signing_key: boolean;
      readonly has_client_key: boolean;
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly is_enabled: boolean;
      readonly paused: string | null;
      readonly state: "delivering" | "failing" | "stalled" | "paused" | "waiting";
      readonly last_error: string | null;
      readonly failing_since: string | null;
      readonly delivered_to: number;
      readonly behind: number;
      readonly behind_seconds: number | null;
      readonly delivered: number;
      readonly delivered_at: string | null;
      readonly delivered_last_minute: number;
      readonly dead_letters: number;
      readonly receipt: number | null;
      readonly receipt_at: string | null;
      readonly created: string;
      readonly updated: string;
    };
  };
  "POST /destinations/{name}/test": {
    query: undefined;
    body: undefined;
    answer: { readonly event: number; readonly is_delivered: boolean; readonly why: string | null };
  };
  "GET /destinations/{name}/dead-letters": {
    query: { after?: number };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly event: number;
        readonly why: string;
        readonly tries: number;
        readonly format: string;
        readonly noted: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /destinations/{name}/dead-letters/resend": {
    query: undefined;
    body: { readonly event?: number };
    answer: { readonly event: number | null };
  };
  "POST /destinations/{name}/dead-letters/drop": {
    query: undefined;
    body: { readonly event?: number };
    answer: { readonly event: number | null };
  };
  "GET /rules": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly title: string;
        readonly severity: "low" | "medium" | "high" | "critical";
        readonly filter: readonly string[];
        readonly exclude: readonly string[];
        readonly count: number | null;
        readonly window_seconds: number | null;
        readonly group_by: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
        readonly quiet_seconds: number;
        readonly destinations: readonly string[];
        readonly is_enabled: boolean;
        readonly kind: "threshold" | "absence" | "first";
        readonly is_shipped: boolean;
        readonly updated: string | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /rules": {
    query: undefined;
    body: {
      readonly name: string;
      readonly kind: "threshold" | "absence" | "first";
      readonly title?: string;
      readonly severity?: "low" | "medium" | "high" | "critical";
      readonly filter?: readonly string[];
      readonly exclude?: readonly string[];
      readonly count?: number;
      readonly window_seconds?: number;
      readonly group_by?: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
      readonly quiet_seconds?: number;
      readonly destinations?: readonly string[];
      readonly is_enabled?: boolean;
    };
    answer: {
      readonly name: string;
      readonly title: string;
      readonly severity: "low" | "medium" | "high" | "critical";
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly count: number | null;
      readonly window_seconds: number | null;
      readonly group_by: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
      readonly quiet_seconds: number;
      readonly destinations: readonly string[];
      readonly is_enabled: boolean;
      readonly kind: "threshold" | "absence" | "first";
      readonly is_shipped: boolean;
      readonly updated: string | null;
    };
  };
  "GET /rules/{name}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly name: string;
      readonly title: string;
      readonly severity: "low" | "medium" | "high" | "critical";
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly count: number | null;
      readonly window_seconds: number | null;
      readonly group_by: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
      readonly quiet_seconds: number;
      readonly destinations: readonly string[];
      readonly is_enabled: boolean;
      readonly kind: "threshold" | "absence" | "first";
      readonly is_shipped: boolean;
      readonly updated: string | null;
    };
  };
  "PATCH /rules/{name}": {
    query: undefined;
    body: {
      readonly title?: string;
      readonly severity?: "low" | "medium" | "high" | "critical";
      readonly filter?: readonly string[];
      readonly exclude?: readonly string[];
      readonly count?: number;
      readonly window_seconds?: number;
      readonly group_by?: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
      readonly quiet_seconds?: number;
      readonly destinations?: readonly string[];
      readonly is_enabled?: boolean;
    };
    answer: {
      readonly name: string;
      readonly title: string;
      readonly severity: "low" | "medium" | "high" | "critical";
      readonly filter: readonly string[];
      readonly exclude: readonly string[];
      readonly count: number | null;
      readonly window_seconds: number | null;
      readonly group_by: readonly ("user" | "ip" | "target" | "node" | "session" | "key" | "action")[];
      readonly quiet_seconds: number;
      readonly destinations: readonly string[];
      readonly is_enabled: boolean;
      readonly kind: "threshold" | "absence" | "first";
      readonly is_shipped: boolean;
      readonly updated: string | null;
    };
  };
  "DELETE /rules/{name}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /rules/{name}/try": {
    query: { since?: string };
    body: undefined;
    answer: {
      readonly alert_count: number;
      readonly looked: number;
      readonly looked_to: number;
      readonly is_complete: boolean;
      readonly alerts: readonly {
        readonly at: string;
        readonly group: readonly string[];
        readonly count: number | null;
        readonly silent_seconds: number | null;
        readonly events: readonly number[];
      }[];
    };
  };
  "GET /alerts": {
    query: { open?: boolean; before?: number; limit?: number };
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly rule: string;
        readonly severity: "low" | "medium" | "high" | "critical";
        readonly event: number;
        readonly description: string;
        readonly events: readonly number[];
        readonly raised: string;
        readonly acknowledged: string | null;
        readonly acknowledged_by: string | null;
      }[];
      readonly open: number;
    };
  };
  "POST /alerts/{id}/acknowledge": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /views": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number;
        readonly name: string;
        readonly filter: string;
        readonly columns:
          | readonly (
              | "time"
              | "level"
              | "type"
              | "action"
              | "description"
              | "user"
              | "ip"
              | "target"
              | "node"
              | "outcome"
              | "source"
              | "reported_by"
              | "session"
              | "key"
            )[]
          | null;
        readonly order: "newest" | "oldest";
        readonly is_shared: boolean;
        readonly owner: string;
        readonly is_own: boolean;
        readonly is_default: boolean;
        readonly created: string;
        readonly updated: string;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /views": {
    query: undefined;
    body: {
      readonly name: string;
      readonly filter?: string;
      readonly columns?:
        | readonly (
            | "time"
            | "level"
            | "type"
            | "action"
            | "description"
            | "user"
            | "ip"
            | "target"
            | "node"
            | "outcome"
            | "source"
            | "reported_by"
            | "session"
            | "key"
          )[]
        | null;
      readonly order?: "newest" | "oldest";
      readonly is_shared?: boolean;
    };
    answer: {
      readonly id: number;
      readonly name: string;
      readonly filter: string;
      readonly columns:
        | readonly (
            | "time"
            | "level"
            | "type"
            | "action"
            | "description"
            | "user"
            | "ip"
            | "target"
            | "node"
            | "outcome"
            | "source"
            | "reported_by"
            | "session"
            | "key"
          )[]
        | null;
      readonly order: "newest" | "oldest";
      readonly is_shared: boolean;
      readonly owner: string;
      readonly is_own: boolean;
      readonly is_default: boolean;
      readonly created: string;
      readonly updated: string;
    };
  };
  "GET /views/{id}": {
    query: undefined;
    body: undefined;
    answer: {
      readonly id: number;
      readonly name: string;
      readonly filter: string;
      readonly columns:
        | readonly (
            | "time"
            | "level"
            | "type"
            | "action"
            | "description"
            | "user"
            | "ip"
            | "target"
            | "node"
            | "outcome"
            | "source"
            | "reported_by"
            | "session"
            | "key"
          )[]
        | null;
      readonly order: "newest" | "oldest";
      readonly is_shared: boolean;
      readonly owner: string;
      readonly is_own: boolean;
      readonly is_default: boolean;
      readonly created: string;
      readonly updated: string;
    };
  };
  "PATCH /views/{id}": {
    query: undefined;
    body: {
      readonly name?: string;
      readonly filter?: string;
      readonly columns?:
        | readonly (
            | "time"
            | "level"
            | "type"
            | "action"
            | "description"
            | "user"
            | "ip"
            | "target"
            | "node"
            | "outcome"
            | "source"
            | "reported_by"
            | "session"
            | "key"
          )[]
        | null;
      readonly order?: "newest" | "oldest";
      readonly is_shared?: boolean;
    };
    answer: {
      readonly id: number;
      readonly name: string;
      readonly filter: string;
      readonly columns:
        | readonly (
            | "time"
            | "level"
            | "type"
            | "action"
            | "description"
            | "user"
            | "ip"
            | "target"
            | "node"
            | "outcome"
            | "source"
            | "reported_by"
            | "session"
            | "key"
          )[]
        | null;
      readonly order: "newest" | "oldest";
      readonly is_shared: boolean;
      readonly owner: string;
      readonly is_own: boolean;
      readonly is_default: boolean;
      readonly created: string;
      readonly updated: string;
    };
  };
  "DELETE /views/{id}": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "PUT /account/default-view": {
    query: undefined;
    body: { readonly id: number | null };
    answer: undefined;
  };
  "GET /events/{id}/proof": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  "GET /events/evidence": {
    query: {
      level?: readonly ("AUDIT" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL")[];
      owner?: readonly string[];
      type?: readonly string[];
      action?: readonly string[];
      outcome?: readonly ("success" | "failure")[];
      source?: readonly string[];
      ip?: readonly string[];
      node?: readonly string[];
      target?: readonly string[];
      trace_id?: readonly string[];
      session?: readonly string[];
      key?: readonly string[];
      zone?: readonly string[];
      domain?: readonly string[];
      pool?: readonly string[];
      mac_address?: readonly string[];
      agent_name?: readonly string[];
      exclude?: readonly string[];
      since?: string;
      until?: string;
    };
    body: undefined;
    answer: undefined;
  };
  "GET /log": {
    query: undefined;
    body: undefined;
    answer: {
      readonly origin: string | null;
      readonly log_key: string | null;
      readonly cosigner_key: string | null;
      readonly size: number;
      readonly checkpoint: {
        readonly size: number;
        readonly root: string;
        readonly signed: string;
        readonly note: string;
      } | null;
      readonly signing: { readonly is_signing: boolean; readonly trouble: string | null };
      readonly troubles: readonly {
        readonly name:
          | "not signing"
          | "damage"
          | "not verified"
          | "verification off"
          | "verification absent"
          | "watch stale"
          | "log behind";
        readonly what: string | null;
      }[];
      readonly verification: {
        readonly running: { readonly checked: number; readonly size: number } | null;
        readonly last: {
          readonly id: number | null;
          readonly finished: string;
          readonly is_good: boolean;
          readonly is_as_recorded: boolean;
          readonly reason: string | null;
          readonly duration_ms: number;
          readonly size: number;
          readonly integrity: "intact" | "damaged" | "unknown";
          readonly completeness: "complete" | "incomplete" | "unknown";
          readonly layers: readonly {
            readonly name: "schema" | "events" | "tree" | "state" | "appends";
            readonly verdict: "ok" | "failed" | "unchecked";
            readonly checked: number | null;
            readonly faults: number;
          }[];
          readonly fault_count: number;
          readonly faults: readonly {
            readonly layer: "schema" | "events" | "tree" | "state" | "appends" | null;
            readonly event: number | null;
            readonly what: string;
          }[];
        } | null;
      };
    };
  };
  "GET /log/verifications": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly id: number | null;
        readonly finished: string;
        readonly is_good: boolean;
        readonly is_as_recorded: boolean;
        readonly reason: string | null;
        readonly duration_ms: number;
        readonly size: number;
        readonly integrity: "intact" | "damaged" | "unknown";
        readonly completeness: "complete" | "incomplete" | "unknown";
        readonly layers: readonly {
          readonly name: "schema" | "events" | "tree" | "state" | "appends";
          readonly verdict: "ok" | "failed" | "unchecked";
          readonly checked: number | null;
          readonly faults: number;
        }[];
        readonly fault_count: number;
        readonly faults: readonly {
          readonly layer: "schema" | "events" | "tree" | "state" | "appends" | null;
          readonly event: number | null;
          readonly what: string;
        }[];
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
  "POST /log/verifications": {
    query: undefined;
    body: undefined;
    answer: { readonly checked: number; readonly size: number };
  };
  "POST /reports/access": {
    query: undefined;
    body: { readonly since?: string; readonly unused_days?: number };
    answer: {
      readonly made: string;
      readonly since: string;
      readonly unused_days: number;
      readonly changes_left_out: number;
      readonly items: readonly {
        readonly finding: "reads everything" | "unused account" | "unused key" | "endless key" | "change";
        readonly username: string;
        readonly what: string;
        readonly since: string | null;
        readonly by: string | null;
        readonly last_used: string | null;
        readonly event: number | null;
      }[];
    };
  };
  "GET /server/workers": {
    query: undefined;
    body: undefined;
    answer: {
      readonly items: readonly {
        readonly name: string;
        readonly runs: "once" | "every_server";
        readonly holder: {
          readonly host: string;
          readonly pid: number;
          readonly address: string | null;
          readonly since: string;
          readonly is_this_server: boolean;
        } | null;
        readonly state: "running" | "failing" | "gave_up" | "standby" | "unable" | "stopped";
        readonly trouble: string | null;
        readonly trouble_since: string | null;
        readonly turns: number;
        readonly failures: number;
        readonly last_turn: string | null;
        readonly cursor: number | null;
        readonly behind: number | null;
      }[];
      readonly newer: null;
      readonly older: null;
    };
  };
}

/** What Ironlog itself records, for completion; other programs may report more. */
export const actionNames: readonly string[] = [
  "access.review",
  "alert.acknowledge",
  "alert.raise",
  "auth.break_glass",
  "auth.factor.ask",
  "auth.factor.renew",
  "auth.key.failure",
  "auth.login",
  "auth.login.blocked",
  "auth.login.failure",
  "auth.logout",
  "clock.step",
  "delivery.drop",
  "delivery.receipt",
  "delivery.recover",
  "delivery.reject",
  "delivery.resend",
  "delivery.stall",
  "destination.create",
  "destination.delete",
  "destination.pause",
  "destination.replay",
  "destination.resume",
  "destination.test",
  "destination.update",
  "domain.create",
  "domain.delete",
  "domain.update",
  "identity.link",
  "identity.unlink",
  "log.append.accept",
  "log.append.key.use",
  "log.backup",
  "log.export",
  "log.identity.renew",
  "log.import",
  "log.key.create",
  "log.move",
  "log.read",
  "log.restore",
  "log.sign.resume",
  "log.sign.stop",
  "log.verify",
  "log.verify.overrun",
  "node.abort",
  "node.acquire",
  "node.commission",
  "node.create",
  "node.delete",
  "node.deploy",
  "node.exit_rescue_mode",
  "node.lock",
  "node.mark_broken",
  "node.mark_fixed",
  "node.override_failed_testing",
  "node.power_off",
  "node.power_on",
  "node.release",
  "node.rescue_mode",
  "node.tag",
  "node.test",
  "node.unlock",
  "node.untag",
  "node.update",
  "operation.refuse",
  "pool.create",
  "pool.delete",
  "pool.update",
  "provider.create",
  "provider.delete",
  "provider.update",
  "rule.create",
  "rule.delete",
  "rule.update",
  "schema.grant",
  "schema.migrate",
  "script.create",
  "script.delete",
  "script.revert",
  "script.tag",
  "script.untag",
  "script.update",
  "search.fault",
  "secrets.rotate",
  "server.start",
  "server.stop",
  "session.end",
  "setting.update",
  "source.change",
  "source.continue",
  "source.create",
  "source.delete",
  "source.set_back",
  "source.update",
  "source.vanish",
  "sshkey.create",
  "sshkey.delete",
  "sshkey.import",
  "sslkey.create",
  "sslkey.delete",
  "state.mismatch",
  "state.more",
  "tag.create",
  "tag.delete",
  "tag.rename",
  "tag.update",
  "token.create",
  "token.delete",
  "token.refuse",
  "token.rename",
  "user.activate",
  "user.break_glass",
  "user.create",
  "user.deactivate",
  "user.delete",
  "user.factor.add",
  "user.factor.begin",
  "user.factor.remove",
  "user.factor.reset",
  "user.password.change",
  "user.password.reset",
  "user.permission.change",
  "user.profile.update",
  "user.recovery_codes.create",
  "view.create",
  "view.default",
  "view.delete",
  "view.update",
  "zone.create",
  "zone.delete",
  "zone.update",
];
