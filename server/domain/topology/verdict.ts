export const VERDICTS = ["broker", "mediator", "mixed", "too-little-evidence"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a piece of evidence says, with the numbers that it brings. `nodes` are in the order of the comment. */
export const EVIDENCE_KINDS = [
  /** A mediator, then the services that it commands: `services`, `commands` sent, `answered`, `flows`. */
  "commands-and-waits",
  /** A service, then those it gives work to without hearing from them or going on: `services`, `commands`, `flows`. */
  "directs-without-waiting",
  /** Services that nobody waits for: `services`, `reactions`, `flows`. */
  "reacts-on-its-own",
  /** A mediator, then the services of its steps: `steps`, `agreement` from 0 to 1, `flows`. */
  "fixed-order",
  "free-order",
  /** A mediator, then services at work at the same time: `steps`, `flows`, `share` of the flows. */
  "parallel-steps",
  /** A service, then those it hears from: `services`, `flows`. */
  "collects-without-commanding",
  /** How many events deep a flow goes: `median`, `deepest`. */
  "depth",
  /** A service, then those that react to the same event of it: `services`, `flows`. */
  "fan-out",
  /** `flows`, `needed`. */
  "few-flows",
  /** Too few services whose work shows who decides: `services`, `needed`. */
  "few-steps",
  /** Events whose cause is not known: `missing`, `events`, `share`. */
  "gaps",
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export const EVIDENCE_SIDES = ["broker", "mediator", "neither"] as const;

export type Evidence = {
  kind: EvidenceKind;
  speaksFor: (typeof EVIDENCE_SIDES)[number];
  /** Ids of nodes, those that the evidence is about first. */
  nodes: string[];
  numbers: Record<string, number>;
};

export type Judgement = {
  verdict: Verdict;
  /** From 0 to 1; 0 where there is too little evidence. */
  confidence: number;
  flows: number;
  evidence: Evidence[];
};

export type MediatedStep = {
  node: string;
  command: string;
  replies: string[];
  flows: number;
  isCompensation: boolean;
  p50Ms: number | null;
  p95Ms: number | null;
};

/** How the steps of one stage of a mediation stand to each other. */
export const STAGE_RELATIONS = ["single", "parallel", "alternative"] as const;

export type MediationStage = { relation: (typeof STAGE_RELATIONS)[number]; steps: MediatedStep[] };

export type Mediation = { node: string; stages: MediationStage[] };

/** How one flow ran, as far as one flow alone can show: a service at its beginning got answers, or none did. */
export const FLOW_WAYS = ["directed", "reacting"] as const;
export type FlowWay = (typeof FLOW_WAYS)[number];
