/** SHA-256 of each migration that has shipped: a database out there has been made by just these bytes. */
export const shippedMigrations: Readonly<Record<string, string>> = {
  "src/database/migrations/0001-schema.ts": "5163e088ad89050dee07ff579ddb6ac0a011e324f35a20f4cc7167e568e3e771",
  "src/database/migrations/schema/accounts.ts": "61e1b953ac00a054662323565dbc251afa64187e7ca170f5c9cc636e8c73c8ea",
  "src/database/migrations/schema/alerting.ts": "97650970cbdf69f435720c4078e6ba13065a9349ae709ac61da684a1cdcdd425",
  "src/database/migrations/schema/bookkeeping.ts": "6f368bf365a193c970bb6dd966e2c02274ec090ff952a06ff356b11c2a49e89f",
  "src/database/migrations/schema/building-blocks.ts":
    "b2d36530f44c918b2cc6fb9e9ee1f064a13e7e7196ab0f05b4fd3852f45e6528",
  "src/database/migrations/schema/forwarding.ts": "89bee2cfcbc3b67d17f8b0dd729abf88b7d3428f2f3092cd269d49d7076fb14a",
  "src/database/migrations/schema/keys.ts": "8f49890b28ee1fb3425d0fc0edf5a6f2280652605e9515e2db9477c96ec382c5",
  "src/database/migrations/schema/log.ts": "8900670b10e8d76cb5e2ae9b9c96d443d9ea9032919af07eafc24658718d1500",
  "src/database/migrations/schema/mirroring.ts": "6de9735ec43ce78001fc312c3ed373db7d9ab583c6819f2de9a0b06d07e3d837",
  "src/database/migrations/schema/nodes.ts": "57218fb7333f31d91ba8c186960f3d36d260cb6896d1a7c5ce61f2a682500814",
  "src/database/migrations/schema/note-changes.ts": "3ea1473b767571c677da3f13cfca05da63e1011843b9921fdfd10d2b51b3e867",
  "src/database/migrations/schema/oidc.ts": "7e6f0088869219968d6f0308f6a191fbc04209a5ac160db2c6ee701f773e1a56",
  "src/database/migrations/schema/postgres-guards.ts":
    "0cae309719dff43d48fb4638b658201715b610e602e5efac41011e2af4724148",
  "src/database/migrations/schema/scripts.ts": "b72f7734342e5867c36880e8401ac3312e7cde9905ce9479506dfa1b3a880165",
  "src/database/migrations/schema/second-factor.ts": "62fa7d3230d7cd0dec96891107bb5043b13021dd1858fe31066a1d3e4540c3a9",
  "src/database/migrations/schema/settings.ts": "0356e1672d574f388b261bc926ac8420e2a3558d2fd58b435a188dd47a11a9fa",
  "src/database/migrations/schema/sqlite-guards.ts": "b6f1aa49258c8e6a744a9b6c2c5b734410a9e2f168d21515161fc7ea1a28a844",
  "src/database/migrations/schema/transparency.ts": "f7c7b99cc8752f6e9974d3d04ec9523a96b5dd2c74b98255a5f9e543401b0946",
  "src/database/migrations/schema/views.ts": "8c270e1ae2d6bddc9ce85fa1d7ad1fc66fea262c4421547e23c58406297e85e4",
};
