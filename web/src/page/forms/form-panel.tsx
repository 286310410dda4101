import type { FormEvent, ReactNode } from "react";
import { AsidePanel } from "../aside-panel.tsx";
import { Failure } from "../states.tsx";
import { FormButtons } from "./form-buttons.tsx";

interface FormPanelProps {
  readonly title: string;
  /** The button: `Add source`. */
  readonly verb: string;
  readonly form: {
    readonly formError: unknown;
    readonly isPending: boolean;
    readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
    leaveFor(act: () => void): void;
  };
  /** False while something that is needed is missing, or nothing was changed. */
  readonly isReady?: boolean;
  /** What is to be read or done first. */
  readonly before?: ReactNode;
  readonly onClose: () => void;
  /** Where Cancel leads, if it isn't out of the panel. */
  readonly onCancel?: () => void;
  readonly children: ReactNode;
}

/** A form beside a page: what was refused of all of it, its fields, its buttons. Leaving it with changes asks. */
export function FormPanel(props: FormPanelProps) {
  const { title, verb, form, isReady = true, before, onClose, onCancel = onClose, children } = props;
  return (
    <AsidePanel title={title} onClose={() => form.leaveFor(onClose)}>
      {form.formError !== undefined && <Failure error={form.formError} />}
      {before}
      <form noValidate autoComplete="off" onSubmit={form.onSubmit}>
        {children}
        <FormButtons verb={verb} form={form} isReady={isReady} onClose={onCancel} />
      </form>
    </AsidePanel>
  );
}
