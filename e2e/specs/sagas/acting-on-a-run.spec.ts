import { test } from "../../fixtures/held-orders.ts";
import { expect } from "../../fixtures/scenarios.ts";

test.describe.configure({ timeout: 300_000 });

test("a run that waits is tried again, taken back or cancelled, each as it was said before", async ({
  orders,
}) => {
  const [retried, undone, cancelled, raced] = await orders.hold(4);
  if (!retried || !undone || !cancelled || !raced)
    throw new Error("There are fewer orders than were waited for.");

  await test.step("a step is tried again", async () => {
    await orders.open(retried);
    const dialog = await orders.ask("Retry a step");
    await expect(dialog.getByText("payment may have been carried out already")).toBeVisible();
    await dialog.getByRole("button", { name: "Send payment.charge again" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(
      (await orders.acts("Act on this run")).getByText("payment retried by console"),
    ).toBeVisible();
    const { transitions } = await orders.get(retried);
    expect(transitions.filter(({ actor }) => actor === "console").map(({ kind }) => kind)).toEqual([
      "step.retried",
      "step.commanded",
    ]);
  });

  await test.step("what may have been done is taken back, for a reason", async () => {
    await orders.open(undone);
    const dialog = await orders.ask("Take back what was done");
    await expect(dialog.getByRole("list", { name: "Takes back, in this order" })).toHaveText(
      "payment by payment.refund",
    );
    const confirm = dialog.getByRole("button", { name: "Take back 1 step" });
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel("Reason").fill("The customer called");
    await confirm.click();
    await expect(dialog).toHaveCount(0);
    const menu = await orders.acts("Act on this run");
    await expect(menu.getByText("Compensating", { exact: true })).toBeVisible();
    await expect(menu.getByText("Why: The customer called")).toBeVisible();
  });

  await test.step("a run is cancelled, and offers nothing any more", async () => {
    await orders.open(cancelled);
    const dialog = await orders.ask("Cancel the run");
    await expect(dialog.getByRole("list", { name: "Stays as it is" })).toHaveText(
      "payment may have been done",
    );
    await dialog.getByLabel("Reason").fill("Ordered twice");
    await dialog.getByRole("button", { name: "Cancel the run, with 1 step left done" }).click();
    const menu = await orders.acts("What people did");
    await expect(menu.getByText("Cancelled", { exact: true })).toBeVisible();
    await expect(menu.getByRole("menuitem")).toHaveCount(0);
  });

  await test.step("who comes second is told that the run has ended, and what would have happened is not said any more", async () => {
    await orders.open(raced);
    const dialog = await orders.ask("Take back what was done");
    await dialog.getByLabel("Reason").fill("The customer called");
    const confirm = dialog.getByRole("button", { name: "Take back 1 step" });
    await expect(confirm).toBeEnabled();
    await orders.cancelElsewhere(raced);
    await confirm.click();
    await expect(dialog.getByText("The run has ended, and others were told so.")).toBeVisible();
    await expect(dialog.getByRole("list", { name: "Takes back, in this order" })).toHaveCount(0);
    await expect(dialog.getByRole("button", { name: "Take back what was done" })).toBeDisabled();
  });

  await test.step("each ends as it was said", async () => {
    await orders.goOn(retried);
    await expect.poll(async () => (await orders.get(retried)).status).toBe("completed");
    await expect.poll(async () => (await orders.get(undone)).status).toBe("compensated");
    expect((await orders.get(cancelled)).status).toBe("cancelled");
  });
  await orders.remove();
});
