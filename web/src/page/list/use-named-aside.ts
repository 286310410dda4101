import { useLocation } from "@tanstack/react-router";
import { useAside } from "../use-aside.ts";

interface Named {
  readonly name: string;
}

type Shown = "create" | (Named & { readonly isEdited: boolean });

/**
 * What stands beside a list of things that have names: one of them, the form that changes it, or that of a new one. The
 * address may name one to begin with.
 */
export function useNamedAside<Item extends Named>(items: readonly Item[] | undefined) {
  const wanted = useLocation({ select: ({ searchStr }) => new URLSearchParams(searchStr).get("name") });
  const { shown, open, close } = useAside<Shown>(wanted === null ? undefined : { name: wanted, isEdited: false });
  const of = typeof shown === "object" ? shown : undefined;
  const item = items?.find(({ name }) => name === of?.name);
  const isThere = items === undefined || items.some(({ name }) => name === wanted);
  return {
    item,
    isCreated: shown === "create",
    isEdited: item !== undefined && of?.isEdited === true,
    /** What the address names, and isn't there. */
    gone: wanted === null || isThere || item !== undefined ? undefined : wanted,
    isOpen: ({ name }: Named): boolean => name === item?.name,
    create: (): void => open("create"),
    show: ({ name }: Named): void => open({ name, isEdited: false }),
    edit: ({ name }: Named): void => open({ name, isEdited: true }),
    close,
  };
}
