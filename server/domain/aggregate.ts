/**
 * An aggregate that is stored as its events: its state is what they add up to, in the order of their versions.
 *
 * `Events` names the data of each event type: `{ "order.placed": { totalMinor: number }; … }`.
 */
export type Aggregate<State, Events> = {
  /** The aggregate type, which with an id names the stream. */
  type: string;
  /** The state before the first event. */
  initial: State;
  /** Goes up whenever states are built differently: older snapshots are then no longer used. */
  stateVersion: number;
  /** The state after an event. Events are facts: there is nothing to refuse here, and nothing but state to make. */
  evolve: { [Type in keyof Events]: (state: State, data: Events[Type]) => State };
};

/** The type and data of any of the events, told apart by their type. */
export type StreamEvent<Events> = {
  [Type in keyof Events & string]: { type: Type; data: Events[Type] };
}[keyof Events & string];

/** An event with its place in the stream. */
export type VersionedEvent<Events> = StreamEvent<Events> & { version: number };

/** The version of a stream's first event. A stream without events is at version 0. */
export const FIRST_VERSION = 1;

/** A state together with the version of the last event in it. */
export type Rebuilt<State> = { state: State; version: number };

/** A state that was kept so that the events before it needn't be read. */
export type Snapshot<State> = Rebuilt<State> & { stateVersion: number };

export function defineAggregate<State, Events>(
  definition: Omit<Aggregate<State, Events>, "stateVersion"> & { stateVersion?: number },
): Aggregate<State, Events> {
  return { stateVersion: 1, ...definition };
}

/**
 * The state that events add up to, from the snapshot on where there is one that fits. Events that are in the
 * snapshot already are passed over.
 *
 * @throws when a version is missing, or an event has a type that the aggregate doesn't know: a state built
 * nevertheless would be an invented one
 */
export function rebuild<State, Events>(
  aggregate: Aggregate<State, Events>,
  events: Iterable<VersionedEvent<Events>>,
  snapshot: Snapshot<State> | null = null,
): Rebuilt<State> {
  let { state, version } = startFrom(aggregate, snapshot);
  for (const event of events) {
    if (event.version <= version) continue;
    if (event.version !== version + 1) {
      throw new Error(
        `After version ${version} of this ${aggregate.type} comes ${event.version}. Read what is between.`,
      );
    }
    state = evolveOne(aggregate, state, event);
    version = event.version;
  }
  return { state, version };
}

/** The state after events that were decided on, but are not stored yet. */
export function evolveAll<State, Events>(
  aggregate: Aggregate<State, Events>,
  state: State,
  events: readonly StreamEvent<Events>[],
): State {
  return events.reduce((current, event) => evolveOne(aggregate, current, event), state);
}

export function takeSnapshot<State, Events>(
  { stateVersion }: Aggregate<State, Events>,
  { state, version }: Rebuilt<State>,
): Snapshot<State> {
  return { state, version, stateVersion };
}

function startFrom<State, Events>(
  { initial, stateVersion }: Aggregate<State, Events>,
  snapshot: Snapshot<State> | null,
): Rebuilt<State> {
  return snapshot?.stateVersion === stateVersion ? snapshot : { state: initial, version: FIRST_VERSION - 1 };
}

function evolveOne<State, Events>(
  { type, evolve }: Aggregate<State, Events>,
  state: State,
  event: StreamEvent<Events>,
): State {
  if (!Object.hasOwn(evolve, event.type)) {
    throw new Error(`A ${type} knows no "${event.type}". Add it to its events before reading this stream.`);
  }
  return evolve[event.type](state, event.data);
}
