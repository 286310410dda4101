/** How many there are, beside a page's title. Its place is kept while that isn't known. */
export function Count({ count, noun }: { readonly count: number | undefined; readonly noun: string }) {
  return (
    <span className="ui-count u-text--muted" role="status">
      {count === undefined ? (
        <span className="ui-unseen" aria-hidden>
          {`0 ${noun}s`}
        </span>
      ) : (
        `${count} ${count === 1 ? noun : `${noun}s`}`
      )}
    </span>
  );
}
