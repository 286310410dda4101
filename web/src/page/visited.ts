/** The pages that were shown since the browser loaded them: whoever comes from one is told of the next. */
export const visited = new Set<string>();
