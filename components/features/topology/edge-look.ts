import { isStepEdge, type StepEdge } from "./mediator-layout.ts";
import type { SceneEdge } from "./scene.ts";
import type { Change } from "./topology-node.tsx";

/** More edges than this don't move: marks would take the time that panning needs. */
export const MAX_MOVING_EDGES = 80;
/** More edges than this bear no numbers until they are hovered. */
export const MAX_NAMED_EDGES = 40;

/** More edges than this are drawn on a canvas: each as an element of its own would take the time that panning needs. */
export const MAX_RICH_EDGES = 300;

/** At least every tenth attempt fails. */
const FAILING_RATE = 0.1;

export type EdgeHealth = "well" | "troubled" | "failing";

export function edgeHealth({ traffic: { failureRate, dead } }: Pick<SceneEdge, "traffic">): EdgeHealth {
  if (failureRate !== null && failureRate >= FAILING_RATE) return "failing";
  return (failureRate ?? 0) > 0 || dead > 0 ? "troubled" : "well";
}

/** Width by rate: one step for every tenfold, from an event an hour to thousands a second. */
export function edgeWidth(perSecond: number): number {
  if (perSecond <= 0) return 1;
  const steps = Math.log10(perSecond * 3600);
  return Math.min(7, Math.max(1.25, 1 + steps * 0.75));
}

/** How long a mark takes to the next one's place. In few steps, so that it does not jump with each number. */
export function markSeconds(perSecond: number): number | null {
  if (perSecond <= 0) return null;
  if (perSecond < 0.1) return 4;
  if (perSecond < 1) return 2.5;
  return perSecond < 10 ? 1.5 : 0.8;
}

export type EdgeStroke = { stroke: string; dash: string | undefined };

/** Colour and pattern; the pattern alone tells what fails, too. */
export const EDGE_LOOKS: Record<EdgeHealth, EdgeStroke> = {
  well: { stroke: "var(--control)", dash: undefined },
  troubled: { stroke: "var(--warn)", dash: "14 4" },
  failing: { stroke: "var(--danger)", dash: "5 5" },
};

/** How a line is drawn: what was chosen and what changed come before how well it is. */
export function strokeOf(edge: SceneEdge | StepEdge, change: Change | null, isSelected: boolean): EdgeStroke {
  const look = EDGE_LOOKS[edgeHealth(edge)];
  if (isSelected) return { ...look, stroke: "var(--accent)" };
  if (change === "appeared") return { ...look, stroke: "var(--ok)" };
  if (change === "vanished") return { stroke: "var(--line-strong)", dash: "2 6" };
  if (isCompensation(edge)) return { stroke: "var(--mediator)", dash: "2 4" };
  const isDirected = edge.kind === "commands" || edge.kind === "replies";
  if (isDirected && look.dash === undefined) return { ...look, stroke: "var(--mediator)" };
  return look;
}

export function isCompensation(edge: SceneEdge | StepEdge): boolean {
  return isStepEdge(edge) && edge.step.isCompensation;
}
