import { Confirm } from "./confirm.tsx";
import { useLeaveQuestion } from "./leave-guard.ts";
import { ReturnFocus } from "../return-focus.tsx";

/** Asks before what was typed is lost. */
export function LeaveDialog() {
  const question = useLeaveQuestion();
  if (question === undefined) return null;
  return (
    <>
      <ReturnFocus />
      <Confirm
        title={question.words}
        verb="Leave"
        isPending={false}
        error={undefined}
        onConfirm={() => question.answer(true)}
        onClose={() => question.answer(false)}
      >
        What you have not saved is lost.
      </Confirm>
    </>
  );
}
