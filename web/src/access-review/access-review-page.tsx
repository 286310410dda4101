import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useState } from "react";
import { request } from "../api/request.ts";
import { InvalidField } from "../page/forms/invalid-field.ts";
import { useForm } from "../page/forms/use-form.ts";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Failure } from "../page/states.tsx";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { announce } from "../shell/live-region.tsx";
import type { AccessReview } from "./access-review.ts";
import { Findings } from "./findings.tsx";

/** Who may what, and what of it nobody needs. */
export function AccessReviewPage() {
  return (
    <ForReaders title="Access review">
      <Review />
    </ForReaders>
  );
}

function Review() {
  const [review, setReview] = useState<AccessReview>();
  const form = useForm({
    initial: { since: "", unused_days: "90" },
    submit: async ({ since, unused_days: days }) => {
      if (!/^\d*$/.test(days)) throw new InvalidField("unused_days", "Enter a number of days, such as 90.");
      return request("POST /reports/access", {
        body: {
          ...(since !== "" && { since: new Date(`${since}T00:00:00`).toISOString() }),
          ...(days !== "" && { unused_days: Number(days) }),
        },
      });
    },
    onDone: (made) => {
      setReview(made);
      announce(`The review has ${made.items.length} lines.`);
    },
    mayBeLost: true,
  });
  return (
    <Page title="Access review" sections={<SettingsSections />}>
      <form className="ui-form" noValidate onSubmit={form.onSubmit} aria-label="Access review">
        {form.formError !== undefined && <Failure error={form.formError} />}
        <Input
          type="date"
          label="Changes since"
          {...form.told("since", "Leave empty for the last 90 days.")}
          value={form.values.since}
          onChange={(event) => form.set({ since: event.target.value })}
        />
        <Input
          type="text"
          inputMode="numeric"
          label="Days without use"
          {...form.told("unused_days", "What nobody has used for so many days is unused.")}
          value={form.values.unused_days}
          onChange={(event) => form.set({ unused_days: event.target.value })}
        />
        <ActionButton type="submit" appearance="positive" loading={form.isPending}>
          Make the review
        </ActionButton>
        <p className="p-form-help-text">Making a review is recorded.</p>
      </form>
      {review !== undefined && <Findings review={review} />}
    </Page>
  );
}
