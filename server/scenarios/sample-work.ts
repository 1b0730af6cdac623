import { randomUUID } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import {
  addToTotal,
  findDocument,
  putDocument,
  recordEffect,
  shareScenarioData,
} from "#drizzle/queries/scenarios.ts";
import { causedBy, completeEvent } from "#server/domain/new-event.ts";
import type { Context } from "#server/platform/context.ts";
import { publish } from "../bus/publish.ts";
import { Repository } from "../streams/repository.ts";
import { type SampleMessage, type SampleWork, sourceOf } from "./scenario.ts";

export type WorkContext = Pick<Context, "sql" | "names" | "streams" | "log" | "clock">;

type Working = {
  scenario: string;
  service: string;
  message: SampleMessage;
  /** The work is done, but nobody hears of it. */
  isSilent: boolean;
  /** Keeps the data of the system from being removed until the transaction ends; throws where it was removed already. */
  keep: () => Promise<void>;
};

/** What a service does with one message, all in `tx`. Before it writes anything, it keeps the data of its system. */
export function workOf(tx: SqlTx, ctx: WorkContext, working: Working): SampleWork {
  const { scenario, service, message, isSilent, keep } = working;
  const { event, key } = message;
  let kept: Promise<void> | null = null;
  const join = () => {
    kept ??= keep();
    return kept;
  };
  const marks = {
    source: sourceOf(scenario, service),
    subject: key,
    partitionKey: event.partitionKey,
    extensions: { scenario },
  };
  const send = async (kind: "integration" | "command", type: string, data: object) => {
    if (isSilent) return;
    await join();
    const answer = causedBy(event, {
      ...marks,
      type,
      kind,
      dataContentType: "application/json",
      data: { encoding: "json", text: JSON.stringify(data) },
    });
    await publish(tx, completeEvent(answer, { id: randomUUID(), time: ctx.clock.now().toISOString() }));
  };
  const nameOf = (name: string) => `${service}/${name}`;
  return {
    once: async (effect) => {
      await join();
      return recordEffect(tx, { scenario, effect: nameOf(effect), key });
    },
    add: async (name, amount) => {
      await join();
      return addToTotal(tx, { scenario, name: nameOf(name), amount });
    },
    remember: async (name, document) => {
      await join();
      await putDocument(tx, { scenario, name: nameOf(name), document });
    },
    recall: (name) => findDocument(tx, scenario, nameOf(name)),
    update: async (aggregate, id, decide) => {
      // Appended by a transaction of its own, which ends within this one.
      await join();
      return new Repository(ctx, aggregate).update(id, decide, {
        ...marks,
        kind: "domain",
        correlationId: event.correlationId ?? event.id,
        causationId: event.id,
        commandId: `${service}-${event.id}`,
      });
    },
    emit: (type, data) => send("integration", type, data),
    tell: (type, data) => send("command", type, data),
  };
}

/** Keeps the data of a system until the transaction ends. Throws where it was removed, and the event with it. */
export async function joinScenario(tx: SqlTx, scenario: string, position: string): Promise<void> {
  if (await shareScenarioData(tx, scenario, position)) return;
  throw new Error(`The data of ${scenario} was removed while this was worked on, so nothing is written.`);
}
