import { expect, test } from "vitest";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { DeclaredProcesses } from "../mediator/declared-processes.ts";
import { nameSteps } from "./name-steps.ts";

test("what takes back a declared step is called by its command, as in a trace", () => {
  const processes = new DeclaredProcesses();
  processes.declare(orderProcess());
  const nameStep = nameSteps({ processes });
  const undoing = nameStep("order-fulfilment", "inventory/undo");
  expect(undoing).toEqual({ key: "inventory/undo", name: "inventory.release" });
  expect(nameStep("order-fulfilment", "inventory").name).toBe("inventory");
  expect(nameStep("another-process", "inventory/undo").name).toBe("inventory/undo");
  expect(nameStep("a flow", '["service:mail","order.placed"]').name).toBe("order.placed");
});
