/** Tables whose rows say who somebody is and what they may, and how the log is watched; with the columns that tell rows apart. */
export const trustedTables = {
  user: "id",
  session: "id",
  token: "id",
  setting: "name",
  oidc_provider: "id",
  oidc_identity: "id",
  realm_identity: "id",
  totp_device: "id",
  passkey: "id",
  recovery_code: "id",
  source: "id",
  destination: "id",
  rule: "id",
} as const;

export type TrustedTable = keyof typeof trustedTables;
