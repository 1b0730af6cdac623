import { until } from "#server/bus/testing/open-bus.ts";
import type { ReplayDto, ReplayItemDto, ReplayPlanDto } from "#server/contract/replays.ts";
import { LetterKeeper } from "#server/dead-letters/keep-letters.ts";
import { runReplays } from "#server/replays/run-replays.ts";
import { runEvery } from "#server/workers/run-every.ts";
import { openTestApi } from "./open-api.ts";

type Handle = (id: string, context: { attempt: number; payload: string; edit: unknown }) => unknown;
type Subscribing = Parameters<Awaited<ReturnType<typeof openTestApi>>["subscribe"]>[1];

/** The API with a bus, the keeper of dead letters and the runner of replays, as one process has them. */
export async function openReplays() {
  const api = await openTestApi();
  const { sql, ctx } = api;
  const { log } = ctx;
  const bus = await api.startBus();
  const keeper = new LetterKeeper(ctx);
  const keeping = new AbortController();
  const kept = runEvery({ name: "letters", pauseMs: 20, signal: keeping.signal, log }, () =>
    keeper.keepOnce(),
  );
  let running = new AbortController();
  let ran = runReplays({ ...ctx, bus }, running.signal);
  const stopRunner = async () => {
    running.abort();
    await ran;
  };

  const get = async (id: number): Promise<ReplayDto> => (await api.ask("GET", `/api/v1/replays/${id}`)).body;
  const lettersOf = (consumer: string) => sql<{ number: string | null; status: number; event_id: string }[]>`
    select l.number, l.status, l.event_id from dead_letters_with_status l join subscriptions s on s.id = l.subscription_id
    where s.consumer = ${consumer} order by l.position`;

  return {
    ...api,
    stopRunner,
    startRunner: () => {
      running = new AbortController();
      ran = runReplays({ ...ctx, bus }, running.signal);
    },
    /** A consumer of the events of its own type, which it handles as the test says; it is given one attempt. */
    consume: async (consumer: string, handle: Handle, wish: Subscribing = {}) => {
      api.handlers.register(consumer, {
        transaction: "none",
        handle: async ({ id, data, extensions }, { attempt }) => {
          const payload = data.encoding === "json" ? data.text : "";
          await handle(id, { attempt, payload, edit: extensions?.nagareedit });
        },
      });
      await api.subscribe(consumer, {
        filters: [{ exact: { type: consumer } }],
        retry: { retries: 0, baseMs: 1, factor: 1, capMs: 1, jitter: "none" },
        ...wish,
      });
    },
    /** Events `<type>-0`, `<type>-1` … , and waits until so many of them are letters in cases. */
    send: (type: string, count: number, more: (index: number) => object = () => ({})) =>
      api.append(
        Array.from({ length: count }, (_, index) => ({ id: `${type}-${index}`, type, ...more(index) })),
      ),
    lettersOf,
    /** Cases whose counters are not what their letters say, counted anew. */
    wrongCounters: () => sql`
      select c.id, c.parked, c.replaying, c.resolved from failure_cases c
      left join lateral (
        select count(*) filter (where status = 0) as parked, count(*) filter (where status = 1) as replaying,
          count(*) filter (where status = 2) as resolved
        from dead_letters_with_status where case_id = c.id) l on true
      where (c.parked, c.replaying, c.resolved) is distinct from (l.parked, l.replaying, l.resolved)`,
    parks: (consumer: string, count: number) =>
      until(async () => {
        const letters = await lettersOf(consumer);
        return letters.filter(({ number, status }) => number !== null && status === 0).length === count;
      }),
    plan: async (
      consumer: string,
      options: object = {},
      selection: object | null = null,
    ): Promise<ReplayPlanDto> => {
      // A plan says who fails now, by what was counted.
      await api.countAttempts();
      const body = { selection: selection ?? selectionOf(consumer), options, dryRun: true };
      const answer = await api.ask("POST", "/api/v1/replays", body);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    replay: async (
      consumer: string,
      options: object = {},
      { selection = null as object | null, start = true } = {},
    ): Promise<ReplayDto> => {
      const body = { selection: selection ?? selectionOf(consumer), options, reason: "It is mended.", start };
      const answer = await api.ask("POST", "/api/v1/replays", body);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    get,
    command: (id: number, command: string) => api.ask("POST", `/api/v1/replays/${id}/${command}`),
    /** Waits until a replay has the status and nothing of it is in flight. */
    ends: async (id: number, status: ReplayDto["status"] = "finished"): Promise<ReplayDto> => {
      await until(async () => {
        const replay = await get(id);
        return replay.status === status && replay.totals.inFlight === 0;
      });
      return get(id);
    },
    items: async (id: number, query = ""): Promise<ReplayItemDto[]> => {
      const items: ReplayItemDto[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const { body } = await api.ask("GET", `/api/v1/replays/${id}/items?limit=100&after=${after}${query}`);
        items.push(...body.items);
        after = body.nextAfter;
      }
      return items;
    },
    close: async () => {
      await stopRunner();
      keeping.abort();
      await kept;
      await api.close();
    },
  };
}

export type TestReplays = Awaited<ReturnType<typeof openReplays>>;

/** Everything of a consumer. */
export const selectionOf = (consumer: string) => ({ kind: "filter", filter: { consumer: [consumer] } });
