import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { readsAll } from "../../accounts/role.tsx";
import { UserLink } from "../../accounts/user/user-link.tsx";
import { sessionQuery } from "../../accounts/session.ts";
import { CopyButton } from "../../page/text/copy.tsx";
import { localTime, Time, timeAgo } from "../../page/text/time.tsx";
import { useZone } from "../../page/text/zone.ts";
import { visible } from "../../page/text/visible.ts";
import { valueText } from "./changes.ts";
import { type Event, isMirrored, levelIcon, reporterOf, sourceName, targetOf } from "./event.ts";
import { fieldNamesOf, idThereOf } from "./field-names.ts";
import { printFilter } from "../filter/filter-language.ts";
import { Marked } from "../search/marked.tsx";
import { FilterButtons, type OnFilter } from "../filter/filter-buttons.tsx";
import { RelatedEvents } from "./related-events.tsx";
import { Absent } from "../../page/text/absent.tsx";

interface FieldsProps {
  readonly event: Event;
  readonly onFilter: OnFilter;
}

/** When it was and who did it. */
export function WhenAndWho({ event, onFilter }: FieldsProps) {
  const zone = useZone();
  const names = fieldNamesOf(event, zone);
  // What others name is no account here.
  const isAccount = reporterOf(event) === undefined;
  return (
    <section>
      <h3 className="p-muted-heading">When and who</h3>
      <dl className="ui-fields">
        <Field name={names.created}>
          <span className="ui-copied">
            <span className="ui-mono">
              {localTime(event.created)} <span className="u-text--muted">{timeAgo(event.created)}</span>
            </span>
            <CopyButton text={localTime(event.created)} what={`the time in ${zone}`} />
          </span>
        </Field>
        <Field name={names.exactly}>
          <span className="ui-copied">
            <span className="ui-mono">{event.created}</span>
            <CopyButton text={event.created} what="the exact time in UTC" />
          </span>
        </Field>
        {event.occurred !== event.created && (
          <Field name={names.occurred}>
            <Time value={event.occurred} />
          </Field>
        )}
        <Value
          name={names.username}
          filter="user"
          value={event.username}
          onFilter={onFilter}
          isAccount={isAccount}
          isSearched
        />
        <Value name={names.ip} filter="ip" value={event.ip} onFilter={onFilter} isMono isSearched />
        {event.forwarded !== null && <Value name={names.forwarded} value={event.forwarded} isMono />}
        {event.reporter !== null && (
          <Value name={names.reporter} value={event.reporter} isAccount={!isMirrored(event)} />
        )}
        <Value name={names.endpoint} value={event.endpoint} />
        <Value name={names.user_agent} value={event.user_agent} />
      </dl>
    </section>
  );
}

/** What was done, to what, and how it ended. */
export function What({ event, onFilter }: FieldsProps) {
  const target = event.target_name ?? event.target_id;
  const icon = levelIcon(event.level);
  const names = fieldNamesOf(event, useZone());
  return (
    <section>
      <h3 className="p-muted-heading">What</h3>
      <dl className="ui-fields">
        <Value name={names.type} filter="type" value={event.type_words} given={event.type} onFilter={onFilter} />
        <Value name={names.action} filter="action" value={event.action} onFilter={onFilter} isMono />
        <Field name={names.outcome}>
          <i className={`p-icon--${event.outcome === "failure" ? "error" : "success"}`} aria-hidden="true" />{" "}
          {event.outcome}
          <FilterButtons filter="outcome" value={event.outcome} onFilter={onFilter} />
        </Field>
        <Field name={names.level}>
          {icon !== undefined && <i className={`p-icon--${icon}`} aria-hidden="true" />} {event.level}
          <FilterButtons filter="level" value={event.level.toLowerCase()} onFilter={onFilter} />
        </Field>
        <Value
          name={names.target}
          filter="target"
          value={target === null ? null : `${event.target_kind ?? ""} ${target}`.trim()}
          given={targetOf(event)}
          onFilter={onFilter}
          isSearched
        />
        <Field name={names.node}>
          {event.node === null ? (
            <Absent />
          ) : (
            <>
              <NodeName systemId={event.node} name={visible(event.hostname ?? event.node)} />{" "}
              <span className="ui-mono u-text--muted">
                <Marked text={visible(event.node)} />
              </span>
              <FilterButtons filter="node" value={event.node} onFilter={onFilter} />
            </>
          )}
        </Field>
        <Source event={event} names={names} onFilter={onFilter} />
        <Value name={names.session} filter="session" value={event.session} onFilter={onFilter} isMono />
        <Value name={names.key} filter="key" value={event.key} onFilter={onFilter} isMono />
        <Value name={names.trace_id} filter="trace" value={event.trace_id} onFilter={onFilter} isMono />
      </dl>
    </section>
  );
}

interface SourceProps extends FieldsProps {
  readonly names: ReturnType<typeof fieldNamesOf>;
}

/** Where it comes from and, of a mirrored one, what it is there. */
function Source({ event, names, onFilter }: SourceProps) {
  const { source, realm_user_id: userThere } = event;
  const idThere = idThereOf(event);
  if (!isMirrored(event)) return <Value name={names.source} filter="source" value={source} onFilter={onFilter} />;
  return (
    <>
      <Field name={names.source}>
        <Link to="/" search={{ q: printFilter([{ key: "source", value: source, isExcluded: false }]) }}>
          {sourceName(source)}
        </Link>
        <FilterButtons filter="source" value={source} onFilter={onFilter} />
      </Field>
      {idThere !== null && <Value name={names.idThere} value={idThere} isMono />}
      {userThere !== null && <Value name={names.userIdThere} value={String(userThere)} isMono />}
    </>
  );
}

/** What else is known of it, and all of it as JSON. */
export function Details({
  event,
  rest,
}: {
  readonly event: Event;
  readonly rest: readonly (readonly [string, unknown])[];
}) {
  const [isJson, setJson] = useState(false);
  const json = visible(JSON.stringify(event, null, 2));
  return (
    <section>
      <h3 className="p-muted-heading">Details</h3>
      {rest.length > 0 && (
        <dl className="ui-fields">
          {rest.map(([name, value]) => (
            <Field key={name} name={visible(name)}>
              <Marked text={visible(valueText(value))} />
            </Field>
          ))}
        </dl>
      )}
      <button
        type="button"
        className="p-button is-dense"
        aria-expanded={isJson}
        onClick={() => setJson((shown) => !shown)}
      >
        {isJson ? "Hide JSON" : "Show JSON"}
      </button>
      {isJson && (
        <div className="ui-code ui-copied" tabIndex={0} role="group" aria-label="The event as JSON">
          <pre className="u-no-margin--bottom">{json}</pre>
          <CopyButton text={json} what="the event as JSON" />
        </div>
      )}
    </section>
  );
}

/** What else happened in its request, its session, by its key, by its user, to its target. */
export function Related({ event }: { readonly event: Event }) {
  const target = targetOf(event);
  return (
    <>
      {event.trace_id !== null && (
        <RelatedEvents title="Same request" event={event} filter="trace" value={event.trace_id} />
      )}
      {event.session !== null && (
        <RelatedEvents title="Same session" event={event} filter="session" value={event.session} />
      )}
      {event.key !== null && <RelatedEvents title="Same API key" event={event} filter="key" value={event.key} />}
      {event.username !== null && event.username !== "" && (
        <RelatedEvents title="Same user" event={event} filter="user" value={event.username} />
      )}
      {target !== null && (
        <RelatedEvents
          title="Same target"
          event={event}
          filter="target"

          value={target}
        />
      )}
    </>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface ValueProps {
  readonly name: string;
  readonly value: string | null;
  readonly filter?: string;
  readonly given?: string | null;
  readonly onFilter?: OnFilter;
  readonly isMono?: boolean;
  /** True where words are looked for in it. */
  readonly isSearched?: boolean;
  /** True of a name that somebody has here. */
  readonly isAccount?: boolean;
}

function Value({ name, value, filter, given, onFilter, isMono = false, ...more }: ValueProps) {
  const { isSearched = false, isAccount = false } = more;
  const { data: user } = useQuery(sessionQuery);
  const isThere = value !== null && value !== "";
  const words = isThere && (isSearched ? <Marked text={visible(value)} /> : visible(value));
  return (
    <Field name={name}>
      {isThere ? (
        <span className={isMono ? "ui-mono" : undefined}>
          {isAccount && readsAll(user) ? <UserLink username={value}>{words}</UserLink> : words}
        </span>
      ) : (
        <Absent />
      )}
      {isThere && filter !== undefined && onFilter !== undefined && (
        <FilterButtons filter={filter} value={given ?? value} onFilter={onFilter} />
      )}
    </Field>
  );
}

/** A link to the node's page, for those who have one. */
function NodeName({ systemId, name }: { readonly systemId: string; readonly name: string }) {
  const { data: user } = useQuery(sessionQuery);
  if (user?.realm !== null) return <Marked text={name} />;
  return (
    <Link to="/machine/$systemId" params={{ systemId }}>
      <Marked text={name} />
    </Link>
  );
}
