import { type ActionOutcome, actOnRun } from "../act-on-run.ts";
import { passTime, type Reply, resolveCompensation, startProcess, takeReply } from "../advance.ts";
import type { ProcessDefinition } from "../definition.ts";
import type { Advance } from "../go-on.ts";
import type { SentCommand, Transition } from "../run.ts";
import type { RunActionRequest } from "../run-action.ts";
import type { ProcessState } from "../state.ts";
import { orderProcess } from "./order-process.ts";

export const REPLIES: Record<string, { type: string; data: unknown }> = {
  "inventory.reserve": { type: "inventory.reserved", data: { reservationId: "r-1" } },
  "inventory.release": { type: "inventory.released", data: {} },
  "mail.send": { type: "mail.sent", data: {} },
  "points.add": { type: "points.added", data: {} },
  "points.take": { type: "points.taken", data: {} },
  "courier.book": { type: "courier.booked", data: {} },
  "shipping.ship": { type: "shipping.shipped", data: {} },
};

/** A process with services that answer each command by its type; `null` never answers. */
export class Trial {
  now = 0;
  state: ProcessState;
  readonly sent: SentCommand[] = [];
  readonly kinds: string[] = [];
  readonly transitions: Transition[] = [];
  readonly definition: ProcessDefinition;

  constructor(input: object = {}, options: Parameters<typeof orderProcess>[0] = {}) {
    this.definition = orderProcess(options);
    const began = startProcess(this.#context(), { orderId: "o-1", amount: 10, ...input });
    this.state = began.state;
    this.#take(began);
  }

  reply(command: SentCommand | null, type: string, data: unknown = {}): void {
    const reply: Reply = { commandId: command?.id ?? null, type, data };
    this.#take(takeReply(this.#context(), this.state, reply));
  }

  wait(ms: number): void {
    this.now += ms;
    this.#take(passTime(this.#context(), this.state));
  }

  resolve(step: string, decision: "retry" | "done"): void {
    this.#take(resolveCompensation(this.#context(), this.state, { step, decision }));
  }

  /** Answers everything as it comes, until nothing is asked any more. */
  serve(answers: Record<string, string | null> = {}): void {
    for (let at = 0; at < this.sent.length; at += 1) {
      const command = this.sent[at];
      const answer = command && (answers[command.type] === undefined ? REPLIES[command.type] : null);
      const other = command && answers[command.type];
      if (command && answer) this.reply(command, answer.type, answer.data);
      else if (command && typeof other === "string") this.reply(command, other);
    }
  }

  /** Does what a person asks for, unless it is refused. */
  act(request: RunActionRequest): ActionOutcome {
    const outcome = actOnRun(this.#context(), this.state, request);
    if (outcome.kind === "acted") this.#take(outcome.advance);
    return outcome;
  }

  transitionsOf(name: string): Transition[] {
    return this.transitions.filter(({ step }) => step === name);
  }

  #take({ state, commands, transitions }: Advance): void {
    this.state = asStored(state);
    this.sent.push(...commands);
    this.transitions.push(...transitions);
    this.kinds.push(...transitions.map(({ kind, step }) => (step === null ? kind : `${step}: ${kind}`)));
  }

  #context() {
    return { id: "p1", definition: this.definition, now: this.now, random: () => 0 };
  }
}

/** As it comes back from the database: a document there has no order of keys, and nothing that is undefined. */
function asStored(state: ProcessState): ProcessState {
  const steps = Object.entries(state.steps).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  // JSON keeps what is JSON.
  return JSON.parse(JSON.stringify({ ...state, steps: Object.fromEntries(steps) })) as ProcessState;
}
