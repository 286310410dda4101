import type { OtherName, SearchedTo } from "./event-reader.ts";

/** What a list shows of the store. A new object whenever something has changed. */
export interface Shown {
  readonly rowCount: number;
  readonly isAtEnd: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** True where events above the first row were left out: to make room, or since the list begins elsewhere. */
  readonly isRebased: boolean;
  /** True where no event is as old, or as new, as the time from which the list was to begin. */
  readonly isBeyond: boolean;
  /** Rows that were added above the others on demand, altogether: what is looked at moves down by so many. */
  readonly addedAbove: number;
  /** How far the search for the next rows has come, where the last page was given up short. */
  readonly searchedTo: SearchedTo | undefined;
  /** Up to which event words were looked up in the search index; null without one, undefined where no words are searched. */
  readonly indexedTo: number | null | undefined;
  /** Names that may have been meant, where nothing was found. */
  readonly otherNames: readonly OtherName[];
  /** True where somebody has stopped the search. */
  readonly isStopped: boolean;
  /** The id of the newest event that is held; undefined while there is none. */
  readonly newestId: number | undefined;
  /** When the events were read last. */
  readonly readAt: Date | undefined;
}
