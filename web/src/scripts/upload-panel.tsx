import { useEffect, useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { told } from "../page/text/told.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import type { Script, ScriptKind } from "./kind.ts";

interface UploadPanelProps {
  readonly kind: ScriptKind;
  /** The script that gets a new version; a new script where there is none. */
  readonly name?: string;
  readonly onClose: () => void;
}

/** Takes a script from a file, chosen or dropped. */
export function UploadPanel({ kind, name, onClose }: UploadPanelProps) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const id = useId();
  const [fileName, setFileName] = useState<string>();
  const [unread, setUnread] = useState<string>();
  useDropsKept();
  const form = useForm({
    initial: { script: "", name: name ?? "", comment: "" },
    submit: ({ script, name: wanted, comment }) => {
      const said = comment === "" ? {} : { comment };
      if (name !== undefined) return request("PATCH /scripts/{name}", { path: { name }, body: { script, ...said } });
      return request("POST /scripts", {
        body: { script, type: kind, ...(wanted !== "" && { name: wanted }), ...said },
      });
    },
    onDone: (saved) => {
      announce(`Saved script '${saved.name}'.`);
      onClose();
      void showSaved(saved);
    },
  });
  const showSaved = async (saved: Script): Promise<void> => {
    // The metadata of a version may give its script another name. There is nothing under the old one to go back to.
    if (name !== undefined && saved.name !== name) {
      const params = { kind: saved.type, name: saved.name };
      await navigate({ to: "/settings/scripts/$kind/$name", params, replace: true });
      queryClient.removeQueries({ queryKey: ["scripts", "one", name] });
    }
    await queryClient.invalidateQueries({ queryKey: ["scripts"] });
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const text = await textOf(file);
    setFileName(file.name);
    setUnread(
      text === undefined ? `'${file.name}' isn't UTF-8 text. Save it as UTF-8, then choose it again.` : undefined,
    );
    form.set({ script: text ?? "" });
  };
  return (
    <FormPanel
      title={name === undefined ? "Upload script" : `Upload version of '${name}'`}
      verb={name === undefined ? "Upload script" : "Upload version"}
      form={form}
      isReady={form.values.script !== ""}
      onClose={onClose}
    >
      <div
        className="ui-drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer.files[0]);
        }}
      >
        <Input
          type="file"
          label="File"
          required
          {...(unread === undefined
            ? form.told("script", fileName ?? "Choose a file, or drop it here.")
            : told(id, undefined, unread))}
          // The same file may be chosen again, once it is mended: it is a change only if nothing was chosen before.
          onClick={(event) => {
            event.currentTarget.value = "";
          }}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </div>
      {name === undefined && (
        <Input
          type="text"
          label="Name"
          {...form.told("name", "May be left out where the script's metadata has one.")}
          autoComplete="off"
          value={form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      )}
      <Input
        type="text"
        label="Comment"
        {...form.told("comment", "What is new in this version.")}
        autoComplete="off"
        value={form.values.comment}
        onChange={(event) => form.set({ comment: event.target.value })}
      />
    </FormPanel>
  );
}

/** The text of a file, byte for byte; undefined where it has none. A lenient reading would replace what it can't read. */
async function textOf(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** For a file that is dropped beside its place, the browser would leave the page. */
function useDropsKept(): void {
  useEffect(() => {
    const keep = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
}
