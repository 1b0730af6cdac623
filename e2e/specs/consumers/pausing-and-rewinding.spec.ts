import { expect, test } from "#e2e/fixtures/consumers.ts";

test.describe("Pausing and rewinding a consumer", () => {
  test("events wait while it is paused, and come when it is resumed", async ({ system, consumers }) => {
    await system.subscribes();
    await consumers.open(system.name);
    await consumers.confirm("Pause", "Pause deliveries");
    await expect(consumers.row(system.name).getByText("Paused")).toBeVisible();
    await system.emits(3);
    await expect(consumers.figure("Backlog")).toHaveText("3");
    expect(system.http.received).toEqual([]);
    await consumers.confirm("Resume", "Resume deliveries");
    await system.hasReceived(3);
    await expect(consumers.figure("Backlog")).toHaveText("0");
  });

  test("a rewind says what comes again, asks for the name, and redelivers", async ({
    page,
    system,
    consumers,
  }) => {
    await system.subscribes();
    const ids = await system.emits(2);
    await system.hasReceived(2);
    await consumers.open(system.name);
    await consumers.panel.getByRole("button", { name: "Rewind" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Deliver again").click();
    await page.getByRole("option", { name: /beginning/ }).click();
    await dialog.getByRole("button", { name: "See what would happen" }).click();
    await expect(dialog.getByText("Will redeliver 2 events (exact).")).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Redeliver" })).toBeDisabled();
    expect(system.http.received).toHaveLength(2);
    await dialog.getByLabel(`Type ${system.name} to confirm`).fill(system.name);
    await dialog.getByRole("button", { name: "Redeliver" }).click();
    await expect(dialog).toHaveCount(0);
    await system.hasReceived(4);
    expect(system.http.received.toSorted()).toEqual([...ids, ...ids].toSorted());
  });
});
