import { useId, useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, request } from "../api/request.ts";
import { useErrorFocus } from "../page/forms/error-focus.ts";
import { useLeaveGuard } from "../page/forms/leave-guard.ts";
import { announce } from "../shell/live-region.tsx";
import { type Setting, settingsQuery, type Typed, typedOf } from "./setting.ts";

interface Outcome {
  readonly saved: readonly Setting[];
  readonly refused: readonly (readonly [name: string, error: unknown])[];
}

/** One group of settings: what was typed for each, and each saved by a request and an event of its own. */
export function useSettingsForm(title: string, settings: readonly Setting[]) {
  const queryClient = useQueryClient();
  const id = useId();
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({});
  const [isSaved, setIsSaved] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const changed = settings.filter((setting) => setting.name in typed && typed[setting.name] !== typedOf(setting));
  const { leaves } = useLeaveGuard(id, changed.length > 0);
  const { mutate, isPending, data } = useMutation({
    mutationFn: () => saveAll(changed, typed),
    gcTime: 0,
    onSuccess: ({ saved, refused }) => {
      const names = new Set(saved.map(({ name }) => name));
      // Only what was refused is still to be mended.
      setTyped((now) => Object.fromEntries(Object.entries(now).filter(([name]) => !names.has(name))));
      setErrors(Object.fromEntries(refused));
      queryClient.setQueryData(settingsQuery.queryKey, (now) =>
        now === undefined
          ? now
          : { ...now, items: now.items.map((item) => saved.find(({ name }) => name === item.name) ?? item) },
      );
      if (refused.length > 0) return;
      leaves();
      setIsSaved(true);
      announce(`Saved ${title}.`);
    },
  });
  const noteSent = useErrorFocus(data?.refused[0]);
  return {
    isChanged: changed.length > 0,
    isPending,
    /** Whether the last that was typed is saved, until something else is typed. */
    isSaved: isSaved && changed.length === 0,
    valueOf: (setting: Setting): Typed => (setting.name in typed ? typed[setting.name] : typedOf(setting)),
    set: (name: string, value: Typed): void => {
      setTyped((now) => ({ ...now, [name]: value }));
      setIsSaved(false);
      setErrors(({ [name]: _mended, ...others }) => others);
    },
    /** The sentence that stands at a setting. */
    errorOf: (name: string): string | undefined => refusalOf(errors[name]),
    /** What hindered all of it, such as a server that can't be reached. */
    formError: Object.values(errors).find((error) => refusalOf(error) === undefined),
    onSubmit: (event: React.FormEvent<HTMLFormElement>): void => {
      event.preventDefault();
      noteSent(event.currentTarget);
      if (!isPending && changed.length > 0) mutate();
    },
  };
}

/** Why a value was refused; undefined where it isn't the value that is at fault. */
function refusalOf(error: unknown): string | undefined {
  return error instanceof ApiProblem ? error.fields["value"]?.join(" ") : undefined;
}

/** Saves one after the other: each is refused or taken for itself. */
async function saveAll(changed: readonly Setting[], typed: Readonly<Record<string, Typed>>): Promise<Outcome> {
  const saved: Setting[] = [];
  const refused: (readonly [string, unknown])[] = [];
  for (const { name } of changed) {
    try {
      saved.push(await request("PUT /settings/{name}", { path: { name }, body: { value: typed[name] ?? "" } }));
    } catch (error) {
      // The session's end is for all pages to see.
      if (error instanceof ApiProblem && error.status === 401) throw error;
      refused.push([name, error]);
    }
  }
  return { saved, refused };
}
