import type { SampleService, Scenario } from "../scenario.ts";

const SYMBOLS = ["ACME", "BOLT", "CRUX", "DUNE", "ECHO", "FLUX"] as const;
/** Shares of one symbol, bought or sold, above which risk has to say so. */
const LIMIT = 2_000;

/** Knows what is held of each symbol: a sum over its trades, which are taken one after the other. */
const positions: SampleService = {
  name: "positions",
  takes: ["trade.executed"],
  emits: ["position.changed"],
  channel: "trades",
  ordering: "key",
  workMs: 10,
  serve: async ({ data }, { once, add, emit }) => {
    if (!(await once("trade-booked"))) return;
    const symbol = String(data.symbol);
    const change = data.side === "buy" ? Number(data.quantity) : -Number(data.quantity);
    const position = await add(symbol, change);
    await emit("position.changed", { symbol, tradeId: data.tradeId, before: position - change, position });
  },
};

/** Tells of a position when it passes the limit, not of each trade beyond. */
const risk: SampleService = {
  name: "risk",
  takes: ["position.changed"],
  emits: ["risk.limit-exceeded"],
  channel: "positions",
  ordering: "key",
  workMs: 10,
  serve: async ({ data }, { once, emit }) => {
    const { symbol, position } = data;
    const hasPassed = Math.abs(Number(data.before)) <= LIMIT && Math.abs(Number(position)) > LIMIT;
    if (hasPassed && (await once("limit-reported"))) {
      await emit("risk.limit-exceeded", { symbol, position, limit: LIMIT });
    }
  },
};

/** Needs no order: a sum of what was traded is the same in any. */
const tape: SampleService = {
  name: "tape",
  takes: ["trade.executed"],
  emits: [],
  channel: "trades",
  workMs: 5,
  serve: async ({ data }, { once, add }) => {
    if (await once("counted")) await add(`traded/${data.symbol}`, Number(data.quantity));
  },
};

/** Trades by symbol: the symbol is the key within which order counts, and beyond which nobody waits. */
export const trading: Scenario = {
  name: "trading",
  producer: "exchange",
  rate: 5,
  maxRate: 100,
  effect: "position.changed",
  channels: [
    { name: "trades", kind: "topic", carries: ["trade.executed"] },
    { name: "positions", kind: "topic", carries: ["position.changed"] },
  ],
  services: [positions, risk, tape],
  process: null,
  presets: [
    { name: "risk-is-down", service: "risk", seconds: 60, fault: { isDown: true } },
    { name: "trades-overtake", service: "positions", seconds: 60, fault: { reorderRate: 0.5 } },
    { name: "told-twice", service: "positions", seconds: 60, fault: { duplicateRate: 0.5 } },
  ],
  produce: (id, random) => {
    const symbol = SYMBOLS[Math.floor(random() * SYMBOLS.length)] ?? SYMBOLS[0];
    const tradeId = `trade-${id}`;
    const side = random() < 0.5 ? "buy" : "sell";
    const quantity = 100 * (1 + Math.floor(random() * 10));
    const price = Math.round(1_000 + random() * 9_000) / 100;
    return {
      type: "trade.executed",
      kind: "integration",
      key: tradeId,
      partitionKey: symbol,
      data: { tradeId, symbol, side, quantity, price },
    };
  },
};
