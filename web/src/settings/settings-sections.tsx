import { Sections } from "../page/sections.tsx";

/** The second column of the settings, with MAAS's words. */
export function SettingsSections() {
  return (
    <Sections
      label="Settings"
      links={[
        { to: "/settings/configuration/general", words: "General" },
        { to: "/settings/configuration/sign-in", words: "Sign-in providers" },
        { to: "/settings/configuration/sources", words: "Sources" },
        { to: "/settings/user-management/users", words: "Users" },
        { to: "/settings/user-management/access", words: "Access review" },
        { to: "/settings/scripts/commissioning", words: "Commissioning scripts" },
        { to: "/settings/scripts/testing", words: "Testing scripts" },
      ]}
    />
  );
}
