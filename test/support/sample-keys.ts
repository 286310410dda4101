/** Public keys that were made for these tests, with what `ssh-keygen -lf` prints of each. */
export const sampleSshKeys = [
  {
    key: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQChlrrDbHy6E9r6pF3V8tcr7Zo3I5EIFM4AKD3fWcg0sRgP1sc+YdZa3oW1jk6MqHNXPGPquLRY7eOdpmEj3RqxXY4FP30omPAi6aHfK+CjekhniYEIcaBlnKBQ3LuI0+47l34JiI27fzdIQsY/lUl1NG5TJjeIyJ/KqAF1UeEmlhvs9Rypq1EnHcKi02Dv6UWDVMVqQfAWkL7ZcsbtBSpIk9K+HoaFJVXgM4WVGfINPNGCRxaKPSovYNZrVDBlC25IN4QrdqL7zCFoWZjQ9YC5xJIu0pPomik118tltsSkNhDDZWoSZv2ue1pmYGdqSdReiD+Bjv0FQJ+PezhC/T3v6TU+Ckm0jcLJczLJucsVhwshHB/vKD+8otSqxODM1CUErmQwCE2Y1QnFuROrSjNMipXoJeRG5N02v4MObt7I48OcRXW+crm6zUsrSvqi0uQWGJ7/ZPwpnIUtBt4iXkBbNAxHAR6eat/n/pG2iO7hJWipHkgRDJrUfOyutncIIv0= rsa@example.com",
    fingerprint: "SHA256:9eectNp6nIl45dOUHxpm1V3RP2p+NkuEAaC6+TyoGLo",
  },
  {
    key: "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMUr8ttuwLdBWMpVIrofs1nP9obcSb3XvDDA2KGXinJZYXNIjHWcnCIOFtjfksqJSbF0CtAjQVUatkXrL7x7XcI= ecdsa@example.com",
    fingerprint: "SHA256:Cmk2cjNMoXJKuV5vIUqZXGRhBre48amQ3j/ZeroV0rk",
  },
  {
    key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN7coV/sekChiKn3mZUeldhVQWDZ/RF149RHqiIIaIW+ ed25519@example.com",
    fingerprint: "SHA256:AyiOsN47PTNn8994YlRP0a1jcaHOchkdL+VfNMrZdfY",
  },
] as const;

/** A certificate that was made for these tests: `CN=audit.example.com, O=Example`. */
export const sampleCertificate = `-----BEGIN CERTIFICATE-----
MIIBczCCASWgAwIBAgIUHwDZh1OH1ISqUbcIIiitiZUq9AkwBQYDK2VwMC4xGjAY
BgNVBAMMEWF1ZGl0LmV4YW1wbGUuY29tMRAwDgYDVQQKDAdFeGFtcGxlMCAXDTI2
MTEyNDA4MTIxMVoYDzIxMjYxMDMxMDgxMjExWjAuMRowGAYDVQQDDBFhdWRpdC5l
eGFtcGxlLmNvbTEQMA4GA1UECgwHRXhhbXBsZTAqMAUGAytlcAMhAPmtLH/sWc02
eksylnXAgGlYDMK5jEl7y+Iaj912S/dYo1MwUTAdBgNVHQ4EFgQU4yOQXO/OwwKu
RE6v2NwVHYFxe+QwHwYDVR0jBBgwFoAU4yOQXO/OwwKuRE6v2NwVHYFxe+QwDwYD
VR0TAQH/BAUwAwEB/zAFBgMrZXADQQB1dATPEiJ3Ywj+j2VhfJoPHj5DiPsAK2sQ
26VwxO9a/tGou6mjmACeVM+BQ30NqXJ+H+tsYcTNSz1TUB1HPicL
-----END CERTIFICATE-----
`;

/** Another, which is valid to the 4th of November 9966. */
export const farCertificate = `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUQSnYiK9oms1rfVPvJ85dN3Opt4kwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPZmFyLmV4YW1wbGUuY29tMCAXDTI2MTEyOTA5MDc1OVoYDzk5
NjYxMTA0MDkwNzU5WjAaMRgwFgYDVQQDDA9mYXIuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAR+pVFj7XQraft57253+rnO25NbxX3XjDUtK9h1
pB4BrEh02CtcElPJMKn4IZtdhnuLLjOQrTA3inI+4hT9dIH9o1MwUTAdBgNVHQ4E
FgQUyQZzUeG+zOt3h1LLQvVJlwuhM3AwHwYDVR0jBBgwFoAUyQZzUeG+zOt3h1LL
QvVJlwuhM3AwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBsCcd8
MwsT+/oszm3zuiaAn4DHcVWPZ9lj/Xp2BbO4WwIhAPvmL7aZVG28cNBCeO1t5QOa
vqweya8JkeemSacVqdvw
-----END CERTIFICATE-----
`;
