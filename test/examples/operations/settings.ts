import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";

/** A setting as each API names it. */
function setting(api: "maas" | "native", name: string, value: string): Pick<Attempt, "path" | "values"> {
  return api === "maas" ? { values: { name, value } } : { path: { name }, values: { value } };
}

function update(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const set = (name: string, value: string) => setting(api, name, value);
    const updated = (name: string, value: string) =>
      told("setting.update", `Updated configuration setting '${name}' to '${value}'.`, ["setting", name]);
    const secretly = (name: string) =>
      told("setting.update", `Updated configuration setting '${name}'.`, ["setting", name]);
    // The one that is shortest: MAAS's own key has twenty characters at most.
    const bmcKey = world.secret("k").slice(0, 18);
    world.keep(bmcKey);
    return [
      { what: "a setting that is none", ...set("nosuch", "x"), status: api === "maas" ? 400 : 404 },
      { what: "a value that is none", ...set("maas_proxy_port", "no number"), status: 400 },
      {
        what: "a value",
        ...set("ntp_servers", "ntp.example.com"),
        status: 200,
        records: [updated("ntp_servers", "ntp.example.com")],
      },
      {
        what: "the same again",
        ...set("ntp_servers", "ntp.example.com"),
        status: 200,
        records: [updated("ntp_servers", "ntp.example.com")],
      },
      {
        what: "a flag",
        ...set("enable_analytics", "false"),
        status: 200,
        records: [updated("enable_analytics", "False")],
      },
      {
        what: "a proxy with a password",
        ...set("http_proxy", `http://ada:${world.secret("proxy")}@proxy.example.com:3128`),
        status: 200,
        records: [updated("http_proxy", "http://********@proxy.example.com:3128")],
      },
      {
        what: "a proxy with a password, which is no URL",
        ...set("http_proxy", `ftp://ada:${world.secret("proxy")}@example.com`),
        status: 400,
      },
      {
        what: "a secret",
        ...set("vcenter_password", world.secret("vcenter")),
        status: 200,
        records: [secretly("vcenter_password")],
      },
      {
        what: "another secret in its place",
        ...set("vcenter_password", world.secret("vcenter")),
        status: 200,
        records: [secretly("vcenter_password")],
      },
      {
        what: "a secret with a control character",
        ...set("vcenter_password", `${world.secret("vcenter")}\u0007`),
        status: 400,
      },
      {
        what: "a secret key",
        ...set("maas_auto_ipmi_k_g_bmc_key", bmcKey),
        status: 200,
        records: [secretly("maas_auto_ipmi_k_g_bmc_key")],
      },
    ];
  };
}

/** The server's settings. */
export const settingExamples: OperationExamples = {
  "maas set-config": update("maas"),
  "PUT /api/v1/settings/{name}": update("native"),
};
