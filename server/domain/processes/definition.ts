import type { ExtensionValue } from "../event.ts";
import type { RetryPolicy } from "../retry-policy.ts";

/** A command, a reply or a starting event, with how its payload is read. */
export type Message<Data> = { type: string; read: (data: unknown) => Data };

/** Names a message and says what its payload holds. `schema.parse` throws for anything else. */
export function message<Data>(type: string, schema: { parse: (data: unknown) => Data }): Message<Data> {
  return { type, read: (data) => schema.parse(data) };
}

/** What a process knows when it decides: how it began, and what its steps were answered. */
export type ProcessView<Input, Results> = { key: string; input: Input; results: Results };

/** One command that is sent, and what may be answered. */
export type Exchange = {
  command: string;
  /** The channel that the command travels, or null: then the channels' rules decide. */
  channel: string | null;
  data: (view: ProcessView<unknown, object>) => unknown;
  reply: Message<unknown>;
  /** Replies that say that it can't be done; they are final. */
  refusals: readonly string[];
  /** Milliseconds to wait for the reply of one attempt. */
  timeoutMs: number;
  /** How often, and when, a command is sent again that got no reply. */
  retry: RetryPolicy;
};

export type StepDefinition = {
  kind: "step";
  name: string;
  exchange: Exchange;
  /** What takes the step back once it was done, or may have been. */
  compensation: Exchange | null;
};

export type ProcessElement =
  | StepDefinition
  | { kind: "parallel"; branches: readonly (readonly ProcessElement[])[] }
  | {
      kind: "choice";
      name: string;
      when: (view: ProcessView<unknown, object>) => boolean;
      yes: readonly ProcessElement[];
      no: readonly ProcessElement[];
    };

/** Types of the events that say how a process ended. */
export type ProcessEndings = {
  completed?: string;
  compensated?: string;
  failed?: string;
  /** Left out, one that is cancelled says the same as one that failed. */
  cancelled?: string;
};

/** Who runs a process, where that is not to follow from its name. */
export type ProcessMediator = {
  /** The name of its consumer. */
  consumer: string;
  /** The source of what it sends. */
  source: string;
  /** It hears only what comes from a source that begins with this. */
  hears: string;
  /** Extension attributes of what it sends. */
  extensions: Record<string, ExtensionValue>;
};

export type ProcessDefinition = {
  name: string;
  /** Left out, the consumer and the source are named after the process, and it hears everybody. */
  mediator?: ProcessMediator;
  /** The event that begins one. */
  startedBy: Message<unknown>;
  /** What people know it by, such as an order number; also the partition key of all that it sends. */
  key: (input: unknown) => string;
  elements: readonly ProcessElement[];
  endings: ProcessEndings;
  /** What happens when a compensation fails: an incident is raised, and then it goes on trying or waits for a person. */
  onCompensationFailure: "keep-trying" | "wait";
  /** What happens when a step fails: what was done is taken back, or an incident is raised and a person decides. */
  onStepFailure: "compensate" | "wait";
};

/** Every step, in the order in which it is declared. */
export function stepsOf(elements: readonly ProcessElement[]): StepDefinition[] {
  return elements.flatMap((element) => {
    if (element.kind === "step") return [element];
    if (element.kind === "parallel") return element.branches.flatMap(stepsOf);
    return [...stepsOf(element.yes), ...stepsOf(element.no)];
  });
}

/** Types of all events that a process waits for, the one that begins it first. */
export function typesAwaited({ startedBy, elements }: ProcessDefinition): string[] {
  const replies = stepsOf(elements).flatMap(({ exchange, compensation }) =>
    [exchange, ...(compensation === null ? [] : [compensation])].flatMap(({ reply, refusals }) => [
      reply.type,
      ...refusals,
    ]),
  );
  return [...new Set([startedBy.type, ...replies])];
}
