import { Tabs } from "../page/tabs.tsx";

/** What was raised, and what raises it. */
export function AlertTabs() {
  return (
    <Tabs
      label="Alerts"
      tabs={[
        { to: "/alerts", words: "Alerts" },
        { to: "/alerts/rules", words: "Rules" },
      ]}
    />
  );
}
