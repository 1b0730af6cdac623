import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../retry-policy.ts";
import {
  type Exchange,
  type Message,
  type ProcessDefinition,
  type ProcessElement,
  type ProcessEndings,
  type ProcessMediator,
  type ProcessView,
  stepsOf,
} from "./definition.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

type ExchangeOptions<Input, Results, Command, Result> = {
  send: Message<Command>;
  to?: string;
  data: (view: ProcessView<Input, Results>) => NoInfer<Command>;
  reply: Message<Result>;
  refusals?: readonly Message<unknown>[];
  timeoutMs?: number;
  retry?: RetryPolicy;
};

type StepOptions<Input, Results, Command, Result, Name extends string> = ExchangeOptions<
  Input,
  Results,
  Command,
  Result
> & {
  // biome-ignore lint/suspicious/noExplicitAny: what a compensation is sent and answered concerns nobody else
  undo?: ExchangeOptions<Input, Results & Record<Name, Result>, any, any>;
};

type Block<Input, Results extends object, Added extends object> = (
  from: ProcessBuilder<Input, Results>,
) => ProcessBuilder<Input, Added>;

type Joined<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * Declares a process, step by step. What a step was answered is known, with its type, to all that come after it.
 *
 * @see Garcia-Molina and Salem, "Sagas" (1987), for compensation in the reverse order of what completed.
 */
export function defineProcess<Input>(
  name: string,
  options: {
    startedBy: Message<Input>;
    key: (input: Input) => string;
    endings?: ProcessEndings;
    onCompensationFailure?: ProcessDefinition["onCompensationFailure"];
    onStepFailure?: ProcessDefinition["onStepFailure"];
    mediator?: ProcessMediator;
  },
): ProcessBuilder<Input, object> {
  const { startedBy, key, endings = {}, mediator } = options;
  const { onCompensationFailure = "keep-trying", onStepFailure = "compensate" } = options;
  return new ProcessBuilder<Input, object>(
    {
      name,
      startedBy,
      key: (input) => key(startedBy.read(input)),
      endings,
      onCompensationFailure,
      onStepFailure,
      ...(mediator === undefined ? {} : { mediator }),
    },
    [],
  );
}

export class ProcessBuilder<Input, Results extends object> {
  readonly #head: Omit<ProcessDefinition, "elements">;
  readonly elements: readonly ProcessElement[];

  constructor(head: Omit<ProcessDefinition, "elements">, elements: readonly ProcessElement[]) {
    this.#head = head;
    this.elements = elements;
  }

  /** Sends a command and waits for its reply. */
  step<Name extends string, Command, Result>(
    name: Name,
    options: StepOptions<Input, Results, Command, Result, Name>,
  ): ProcessBuilder<Input, Results & Record<Name, Result>> {
    const compensation = options.undo === undefined ? null : exchangeOf(options.undo);
    return this.#with({ kind: "step", name, exchange: exchangeOf(options), compensation });
  }

  /** Runs branches side by side and goes on when all of them are done. */
  parallel<Added extends object[]>(
    ...branches: { [Branch in keyof Added]: Block<Input, Results, Added[Branch]> }
  ): ProcessBuilder<Input, Results & Joined<Added[number]>> {
    const begun = new ProcessBuilder<Input, Results>(this.#head, []);
    return this.#with({ kind: "parallel", branches: branches.map((branch) => branch(begun).elements) });
  }

  /** Goes one way or the other; decided once, when the process gets there. */
  choose<Added extends object, Other extends object = object>(
    name: string,
    when: (view: ProcessView<Input, Results>) => boolean,
    yes: Block<Input, Results, Added>,
    no: Block<Input, Results, Other> = (from) => from as unknown as ProcessBuilder<Input, Other>, // adds nothing
  ): ProcessBuilder<Input, Results & Partial<Added> & Partial<Other>> {
    const begun = new ProcessBuilder<Input, Results>(this.#head, []);
    return this.#with({
      kind: "choice",
      name,
      when: when as (view: ProcessView<unknown, object>) => boolean, // gets what the declared messages read
      yes: yes(begun).elements,
      no: no(begun).elements,
    });
  }

  /** Throws for two steps of one name, and for a process without any. */
  build(): ProcessDefinition {
    const names = stepsOf(this.elements).map((step) => step.name);
    const repeated = names.find((name, at) => names.indexOf(name) !== at);
    if (repeated !== undefined) throw new Error(`${this.#head.name} has two steps named ${repeated}.`);
    if (names.length === 0) throw new Error(`${this.#head.name} has no steps.`);
    return { ...this.#head, elements: this.elements };
  }

  #with<Known extends object>(element: ProcessElement): ProcessBuilder<Input, Known> {
    return new ProcessBuilder<Input, Known>(this.#head, [...this.elements, element]);
  }
}

function exchangeOf<Input, Results, Command, Result>(
  options: ExchangeOptions<Input, Results, Command, Result>,
): Exchange {
  const { send, to = null, data, reply, refusals = [], timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return {
    command: send.type,
    channel: to,
    data: data as Exchange["data"], // gets what the declared messages read
    reply,
    refusals: refusals.map(({ type }) => type),
    timeoutMs,
    retry: options.retry ?? DEFAULT_RETRY_POLICY,
  };
}
