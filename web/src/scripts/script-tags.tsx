import { useId, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { messageOf } from "../page/states.tsx";
import { Absent } from "../page/text/absent.tsx";
import { told } from "../page/text/told.tsx";
import { announce } from "../shell/live-region.tsx";
import type { Script } from "./kind.ts";

/** A script's tags, each of which can go, and a field for another. */
export function ScriptTags({ script }: { readonly script: Script }) {
  const { name } = script;
  const id = useId();
  const mayChange = useMayChange();
  const [added, setAdded] = useState("");
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ tag, isAdded }: { readonly tag: string; readonly isAdded: boolean }) =>
      request(isAdded ? "PUT /scripts/{name}/tags/{tag}" : "DELETE /scripts/{name}/tags/{tag}", {
        path: { name, tag },
      }),
    onSuccess: (_script, { tag, isAdded }) => {
      announce(isAdded ? `Added ${tag}.` : `Removed ${tag}.`);
      if (isAdded) setAdded("");
      return queryClient.invalidateQueries({ queryKey: ["scripts"] });
    },
  });
  if (!mayChange) return script.tags.length === 0 ? <Absent /> : script.tags.join(", ");
  return (
    <form
      className="ui-chip-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (added.trim() !== "" && !isPending) mutate({ tag: added.trim(), isAdded: true });
      }}
    >
      {script.tags.map((tag) => (
        <span key={tag} className="p-chip">
          <span className="p-chip__value">{tag}</span>
          <button type="button" className="p-chip__dismiss" onClick={() => mutate({ tag, isAdded: false })}>
            <i className="p-icon--close">Remove tag {tag}</i>
          </button>
        </span>
      ))}
      <Input
        type="text"
        aria-label="Another tag"
        placeholder="Another tag"
        autoComplete="off"
        {...told(id, undefined, error === null ? undefined : messageOf(error))}
        value={added}
        onChange={(event) => setAdded(event.target.value)}
      />
      <Button type="submit" disabled={added.trim() === "" || isPending}>
        Add tag
      </Button>
    </form>
  );
}
