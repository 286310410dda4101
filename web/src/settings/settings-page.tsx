import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { SearchBox } from "../page/list/search-box.tsx";
import { Loaded, NoneMatches } from "../page/states.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { SettingsSections } from "./settings-sections.tsx";
import { type Setting, settingsQuery } from "./setting.ts";

/** The server's settings: administrators change them, auditors read them. */
export function SettingsPage() {
  return (
    <ForReaders title="General">
      <Settings />
    </ForReaders>
  );
}

function Settings() {
  const settings = useQuery(settingsQuery);
  const [search, setSearch] = useState("");
  return (
    <Page title="General" sections={<SettingsSections />}>
      <SearchBox label="Search settings" value={search} onChange={setSearch} />
      <Loaded query={settings}>
        {({ items }) => <Groups settings={items} search={search.trim().toLowerCase()} />}
      </Loaded>
    </Page>
  );
}

function Groups({ settings, search }: { readonly settings: readonly Setting[]; readonly search: string }) {
  const all = Map.groupBy(settings, ({ group }) => group);
  const groups = [...all].map(([title, items]) => ({
    title,
    items,
    isOwn: items.some(({ name }) => name.startsWith("ironlog_")),
    // A form that is out of sight keeps what was typed.
    isShown:
      search === "" ||
      [title, ...items.flatMap((item) => [item.title, item.name, item.help])].some((text) =>
        text.toLowerCase().includes(search),
      ),
  }));
  const own = groups.filter(({ isOwn }) => isOwn);
  const others = groups.filter(({ isOwn }) => !isOwn);
  const form = ({ title, items, isShown }: (typeof groups)[number]) => (
    <div key={title} hidden={!isShown}>
      <SettingsForm title={title} settings={items} />
    </div>
  );
  return (
    <>
      {own.map(form)}
      <p className="ui-form u-text--muted" hidden={!others.some(({ isShown }) => isShown)}>
        The settings below are kept, answered and recorded for MAAS&apos;s clients. Ironlog itself does nothing by them.
      </p>
      {others.map(form)}
      {!groups.some(({ isShown }) => isShown) && <NoneMatches noun="setting" />}
    </>
  );
}
