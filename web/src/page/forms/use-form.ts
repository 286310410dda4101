import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ApiProblem } from "../../api/request.ts";
import { useErrorFocus } from "./error-focus.ts";
import { InvalidField } from "./invalid-field.ts";
import { leaveFor, useLeaveGuard } from "./leave-guard.ts";
import { told, type Told } from "../text/told.tsx";

interface FormParts<Values, Result> {
  readonly initial: Values;
  readonly submit: (values: Values) => Promise<Result>;
  readonly onDone?: (result: Result) => void;
  /** The field at which a refusal of what was typed stands that names none. */
  readonly blames?: (values: Values) => keyof Values & string;
  /** For the login, where a refusal doesn't mean that a session has ended. */
  readonly isLogin?: boolean;
  /** Where what was chosen is no work that could be lost. */
  readonly mayBeLost?: boolean;
}

/** A form: its values, whether they were changed, the server's answer by field. Leaving it with changes asks. */
export function useForm<Values extends object, Result>({
  initial,
  submit,
  onDone,
  blames,
  isLogin = false,
  mayBeLost = isLogin,
}: FormParts<Values, Result>) {
  const id = useId();
  const [saved, setSaved] = useState(initial);
  const [values, setValues] = useState(initial);
  const [error, setError] = useState<unknown>();
  const [isSaved, setIsSaved] = useState(false);
  // What was refused stands at its field until that field is changed.
  const [mended, setMended] = useState<readonly string[]>([]);
  const { mutate, isPending } = useMutation({
    mutationFn: submit,
    // What was typed may be a password, and what comes back a key: neither stays behind.
    gcTime: 0,
    ...(isLogin && { meta: { isLogin: true } }),
    onSuccess: (result, sent) => {
      setError(undefined);
      setIsSaved(true);
      setSaved(sent);
      // What follows may lead to another page before this one is drawn again.
      leaves();
      onDone?.(result);
    },
    onError: setError,
  });
  const isChanged = JSON.stringify(values) !== JSON.stringify(saved);
  const isUnsaved = isChanged && !mayBeLost;
  const { leaves } = useLeaveGuard(id, isUnsaved);
  const noteSent = useErrorFocus(error);
  const named = error instanceof ApiProblem || error instanceof InvalidField ? error.fields : {};
  const isNamed = Object.keys(named).some((name) => name in values);
  const fields =
    !isNamed && blames !== undefined && error instanceof ApiProblem && isOfWhatWasTyped(error)
      ? { [blames(values)]: [error.message] }
      : named;
  const isOfForm = isNamed || fields !== named;
  const fieldError = (name: keyof Values & string): string | undefined =>
    mended.includes(name) ? undefined : fields[name]?.join(" ");
  return {
    values,
    isChanged,
    isPending,
    isSaved: isSaved && !isChanged,
    /** What was refused without naming a field of this form. */
    formError: error !== undefined && !isOfForm ? error : undefined,
    /** The sentences for one field. */
    fieldError,
    /** What stands below the control of a field: its help or, where it was refused, why. */
    told: (name: keyof Values & string, help?: string): Told => told(`${id}-${name}`, help, fieldError(name)),
    set: (changes: Partial<Values>): void => {
      setValues((now) => ({ ...now, ...changes }));
      setMended((now) => [...now, ...Object.keys(changes)]);
      setIsSaved(false);
    },
    reset: (to: Values): void => {
      setSaved(to);
      setValues(to);
      setError(undefined);
      setIsSaved(false);
    },
    onSubmit: (event: React.FormEvent<HTMLFormElement>): void => {
      event.preventDefault();
      noteSent(event.currentTarget);
      if (isPending) return;
      setMended([]);
      mutate(values);
    },
    /** Closes what the form stands in, or the like, once nothing is lost by it. */
    leaveFor,
  };
}

/** Whether another value would have been taken. */
function isOfWhatWasTyped({ status }: ApiProblem): boolean {
  return status === 400 || status === 409;
}
