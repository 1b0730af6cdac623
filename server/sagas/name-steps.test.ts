import { expect, test } from "vitest";
import { DeclaredProcesses } from "../mediator/declared-processes.ts";
import { orderProcess } from "../scenarios/orders-mediator/order-process.ts";
import { nameSteps } from "./name-steps.ts";

test("what takes back a declared step is called by its command, as in a trace", () => {
  const processes = new DeclaredProcesses();
  processes.declare(orderProcess);
  const nameStep = nameSteps({ processes });
  expect(nameStep(orderProcess.name, "payment/undo")).toEqual({
    key: "payment/undo",
    name: "payment.refund",
  });
  expect(nameStep(orderProcess.name, "payment").name).toBe("payment");
  expect(nameStep("another.process", "payment/undo").name).toBe("payment/undo");
  expect(nameStep("a flow", '["service:mail","order.placed"]').name).toBe("order.placed");
});
