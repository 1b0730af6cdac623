/** Every table, for drizzle. A test compares them with what the migrations made. */
export { eventIdentities, events, internedNames } from "./events.ts";
export { checkpoints, hourlyCounts } from "./readers.ts";
