import type { SqlTx } from "#drizzle/db.ts";
import { judgeWindow } from "#server/domain/topology/judge-window.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { Mediation } from "#server/domain/topology/verdict.ts";
import type { Context } from "#server/platform/context.ts";
import { mediationsOf, readFlows, toSummaries, type WindowFlows } from "../topology/read-flows.ts";
import { HOUR_US, hoursAround, type MediationsOf } from "./mediations.ts";

/** Flows are still being examined while they are young. */
const YOUNG_HOURS = 2;
const YOUNG_FOR_MS = 60_000;
const OLD_FOR_MS = 1_800_000;
const MAX_HOURS = 200;

type Ctx = Pick<Context, "names" | "clock">;

/**
 * What the recognition knows of mediators, by the hour, since each hour says something about the flows of many hours
 * around it. Some seconds old.
 */
export class MediationCache {
  readonly #ctx: Ctx;
  #hours = new Map<number, { atMs: number; flows: WindowFlows[] }>();
  #judged = new Map<string, Mediation[]>();
  /** By type of the first event: every mediator that was found. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  #hasLearnt = false;
  #links: string | null = null;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  /** @param startsUs when the flows began that are going to be read */
  async load(
    tx: SqlTx,
    { services, links }: { services: Services; links: string },
    startsUs: readonly number[],
  ): Promise<MediationsOf> {
    if (this.#links !== links) this.#forget(links);
    const wanted = new Set(startsUs.filter((atUs) => atUs > 0).flatMap(hoursAround));
    const nowHour = Math.floor((this.#ctx.clock.now().getTime() * 1000) / HOUR_US);
    for (const hour of wanted) {
      if (hour <= nowHour && this.#isStale(hour, nowHour)) await this.#read(tx, services, hour);
    }
    for (const hour of this.#hours.keys()) {
      if (this.#hours.size <= MAX_HOURS) break;
      if (!wanted.has(hour)) this.#hours.delete(hour);
    }
    return (start) => this.#judge(start);
  }

  /** Whether mediators were found since this was asked last, of flows that were read without knowing of them. */
  takeLearnt(): boolean {
    const hasLearnt = this.#hasLearnt;
    this.#hasLearnt = false;
    return hasLearnt;
  }

  #forget(links: string): void {
    this.#links = links;
    this.#hours = new Map();
    this.#judged = new Map();
  }

  #isStale(hour: number, nowHour: number): boolean {
    const known = this.#hours.get(hour);
    const keptMs = nowHour - hour <= YOUNG_HOURS ? YOUNG_FOR_MS : OLD_FOR_MS;
    return known === undefined || this.#ctx.clock.elapsedMs() - known.atMs >= keptMs;
  }

  async #read(tx: SqlTx, services: Services, hour: number): Promise<void> {
    const at = (one: number) => new Date((one * HOUR_US) / 1000).toISOString();
    const { names, clock } = this.#ctx;
    const window = { from: at(hour), to: at(hour + 1) };
    const flows = await readFlows({ sql: tx, names }, window, { services, withTraffic: false });
    this.#hours.set(hour, { atMs: clock.elapsedMs(), flows });
    this.#judged = new Map();
  }

  #judge({ type, flowUs }: Parameters<MediationsOf>[0]): Mediation[] {
    const key = `${Math.floor(flowUs / HOUR_US)} ${type}`;
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const around = hoursAround(flowUs).flatMap((hour) => this.#hours.get(hour)?.flows ?? []);
    const alike = around.filter((one) => one.type === type);
    const judged = mediationsOf(judgeWindow(toSummaries(alike)).flowTypes);
    this.#judged.set(key, judged);
    this.#note(type, judged);
    return judged;
  }

  #note(type: string, mediations: readonly Mediation[]): void {
    const before = this.#known.get(type);
    const nodes = mediations.map(({ node }) => node);
    if (before !== undefined && nodes.some((node) => !before.has(node))) this.#hasLearnt = true;
    this.#known.set(type, new Set([...(before ?? []), ...nodes]));
  }
}
