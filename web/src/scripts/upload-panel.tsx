import { useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import type { ScriptKind } from "./kind.ts";

interface UploadPanelProps {
  readonly kind: ScriptKind;
  /** The script that gets a new version; a new script where there is none. */
  readonly name?: string;
  readonly onClose: () => void;
}

/** Takes a script from a file, chosen or dropped. */
export function UploadPanel({ kind, name, onClose }: UploadPanelProps) {
  const queryClient = useQueryClient();
  const [fileName, setFileName] = useState<string>();
  const form = useForm({
    initial: { script: "", name: name ?? "", comment: "" },
    submit: ({ script, name: wanted, comment }) => {
      const said = comment === "" ? {} : { comment };
      if (name !== undefined) return request("PATCH /scripts/{name}", { path: { name }, body: { script, ...said } });
      return request("POST /scripts", {
        body: { script, type: kind, ...(wanted !== "" && { name: wanted }), ...said },
      });
    },
    onDone: ({ name: saved }) => {
      announce(`Saved ${saved}.`);
      void queryClient.invalidateQueries({ queryKey: ["scripts"] });
      onClose();
    },
  });
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setFileName(file.name);
    form.set({ script: await file.text() });
  };
  return (
    <AsidePanel
      title={name === undefined ? "Upload script" : `Upload a version of ${name}`}
      onClose={() => form.mayLeave() && onClose()}
    >
      {form.formError !== undefined && <Failure error={form.formError} />}
      <form onSubmit={form.onSubmit}>
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
            {...form.told("script", fileName ?? "Choose a file, or drop it here.")}
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
        <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={form.values.script === ""}>
          {name === undefined ? "Upload script" : "Upload version"}
        </ActionButton>
      </form>
    </AsidePanel>
  );
}
