import {
  PATIENT_RETRY,
  type SampleService,
  type SampleUnit,
  type SampleWork,
  type Scenario,
} from "../scenario.ts";
import { CUSTOMER_IDS, firstKnown, lookUp, readChange, WAYS, type Way } from "./preferences.ts";
import { readRegistered, USER_REGISTERED } from "./user-registered.ts";

const NOTICES = ["user.registered", "password.changed", "preferences.changed"];

/**
 * Decides who hears of what, and where. `user.registered` carries all that it needs; `password.changed` only says
 * whose, so that the router looks the rest up in its own store. `preferences.changed` keeps that store true: in order
 * for each customer, so that what they wanted before never comes back.
 */
const router: SampleService = {
  name: "router",
  takes: NOTICES,
  emits: WAYS.map(commandOf),
  channel: "notices",
  isMediator: true,
  reads: "newest",
  ordering: "key",
  retry: PATIENT_RETRY,
  workMs: 15,
  serve: async ({ type, data }, work) => {
    if (type === "preferences.changed") return changePreferences(data, work);
    const isNew = type === "user.registered";
    const customerId = String(data.customerId);
    const customer = isNew ? readRegistered(data) : await lookUp(customerId, work);
    const { fullName, wants } = customer;
    if (!(await work.once("routed"))) return;
    if (isNew) await work.remember(customerId, customer);
    const text = isNew ? `Welcome, ${fullName}.` : `${fullName}, your password was changed.`;
    for (const way of wants) await work.tell(commandOf(way), { customerId, to: fullName, text });
  },
};

/** Confirmed by each of the new ways, so that the customer sees that it works. */
async function changePreferences(data: object, work: SampleWork): Promise<void> {
  const { customerId, wants } = readChange(data);
  const { fullName } = await lookUp(customerId, work);
  if (!(await work.once("preferences-kept"))) return;
  await work.remember(customerId, { fullName, wants });
  const text = `${fullName}, we write to you here from now on.`;
  for (const way of wants) await work.tell(commandOf(way), { customerId, to: fullName, text });
}

/** Sends what it is told to, and says so. It knows neither events nor preferences. */
function sender(way: Way, workMs: number): SampleService {
  return {
    name: way,
    takes: [commandOf(way)],
    emits: ["notification.sent"],
    channel: way,
    workMs,
    serve: async ({ data }, { once, emit }) => {
      if (await once("sent")) await emit("notification.sent", { ...data, by: way });
    },
  };
}

function commandOf(way: Way): string {
  return `${way}.send`;
}

/**
 * Half of what happens is a registration, from the old form in version 1.0, from the new one in 2.0; one in ten is a
 * change of mind.
 */
function makeNotice(id: string, random: () => number): SampleUnit {
  const key = `notice-${id}`;
  const kind = "integration";
  const kindOfNotice = random();
  if (kindOfNotice >= 0.9) {
    const customerId = pick(CUSTOMER_IDS, random);
    const wants = WAYS.filter(() => random() < 0.4);
    return { type: "preferences.changed", kind, key, partitionKey: customerId, data: { customerId, wants } };
  }
  if (kindOfNotice >= 0.5) {
    const customerId = pick(CUSTOMER_IDS, random);
    return { type: "password.changed", kind, key, partitionKey: customerId, data: { customerId } };
  }
  const customerId = `customer-${1_000 + Math.floor(random() * 9_000)}`;
  const { fullName, wants } = firstKnown(pick(CUSTOMER_IDS, random));
  const unit = { type: "user.registered", kind, key, partitionKey: customerId } as const;
  return kindOfNotice < 0.25
    ? { ...unit, version: "1.0", data: { customerId, name: fullName, wants } }
    : { ...unit, version: "2.0", data: { customerId, full_name: fullName, wants } };
}

function pick(ids: readonly string[], random: () => number): string {
  return ids[Math.floor(random() * ids.length)] ?? "customer-1";
}

/** Notifications: a router reads what each customer prefers, and tells push, SMS, mail or chat to send. */
export const notifications: Scenario = {
  name: "notifications",
  producer: "accounts",
  produces: NOTICES,
  effect: "notification.sent",
  rate: 2,
  maxRate: 50,
  channels: [
    { name: "notices", kind: "topic", carries: NOTICES },
    ...WAYS.map((way) => ({ name: way, kind: "queue" as const, carries: [commandOf(way)] })),
  ],
  services: [router, sender("push", 20), sender("sms", 80), sender("mail", 60), sender("chat", 40)],
  schemas: USER_REGISTERED,
  process: null,
  presets: [
    { name: "router-is-down", service: "router", seconds: 60, fault: { isDown: true } },
    { name: "sms-is-down", service: "sms", seconds: 60, fault: { isDown: true } },
    { name: "chat-is-slow", service: "chat", seconds: 60, fault: { latencyMs: 4_000 } },
  ],
  produce: makeNotice,
};
