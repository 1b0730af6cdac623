import { decideFault, NO_FAULT } from "#server/domain/fault-injection.ts";
import type { Clock } from "#server/platform/clock.ts";
import type { ProjectionBrake } from "../projections/projection.ts";
import { keysOf, readMessage } from "./disturb.ts";
import type { FaultBoard } from "./fault-board.ts";
import { SCENARIOS } from "./registry.ts";

/** Nothing more can go wrong by chance. */
const NEVER = () => 1;

/** What holds up the read models of sample systems, by the names of their projections. */
export function brakeProjections(
  board: FaultBoard,
  clock: Pick<Clock, "elapsedMs">,
): ReadonlyMap<string, ProjectionBrake> {
  return new Map(
    SCENARIOS.flatMap(({ name, projection }) =>
      projection === undefined ? [] : [[projection.name, brakeOf(board, clock, name, projection.name)]],
    ),
  );
}

/** A slow one takes an event after the other, each in its time; nobody waits for it meanwhile. */
function brakeOf(
  board: FaultBoard,
  clock: Pick<Clock, "elapsedMs">,
  scenario: string,
  part: string,
): ProjectionBrake {
  let freeAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const { isDown, latencyMs, poisonKey } = await board.find(scenario, part);
    const check: Awaited<ReturnType<ProjectionBrake>>["check"] = ({ event }) => {
      const { failure } = decideFault({ ...NO_FAULT, poisonKey }, keysOf(readMessage(event)), NEVER);
      if (failure !== null) throw new Error(failure.message);
    };
    if (isDown) return { limit: 0, check };
    if (latencyMs === 0) return { limit: null, check };
    const now = clock.elapsedMs();
    if (now < freeAt) return { limit: 0, check };
    freeAt = now + latencyMs;
    return { limit: 1, check };
  };
}
