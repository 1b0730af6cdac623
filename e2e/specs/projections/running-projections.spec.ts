import { orderPageSchema } from "#server/contract/projections.ts";
import { ProjectionScreen } from "../../fixtures/projections.ts";
import { expect, ORDER_EVENTS, test } from "../../fixtures/streams.ts";

test.describe("Running projections", () => {
  // They share the projection, which is paused and rebuilt.
  test.describe.configure({ mode: "serial" });

  test("while paused the backlog grows and waits; resumed, it is taken", async ({ page, system }) => {
    const projections = new ProjectionScreen(page);
    const orderIds = async () => {
      const answer = await page.request.get("/api/v1/orders?limit=100");
      return orderPageSchema.parse(await answer.json()).orders.map(({ id }) => id);
    };
    await projections.open();
    await projections.button("Pause").click();
    await expect(projections.item.getByText("Paused", { exact: true })).toBeVisible();

    await system.appends("order", `${system.name}-late`, "none", ORDER_EVENTS);
    await expect
      .poll(async () => Number(await projections.figure("Backlog").textContent()))
      .toBeGreaterThanOrEqual(ORDER_EVENTS.length);
    await expect(projections.figure("Oldest waiting")).not.toHaveText("–");
    expect(await orderIds()).not.toContain(`${system.name}-late`);

    await projections.button("Resume").click();
    await expect(projections.item.getByText("Up to date", { exact: true })).toBeVisible();
    await expect(projections.figure("Backlog")).toHaveText("0");
    await expect.poll(orderIds).toContain(`${system.name}-late`);
  });

  test("a rebuild is asked for, shows how far it is, and takes the place of the old one", async ({
    page,
    system,
  }) => {
    const projections = new ProjectionScreen(page);
    await system.appends("order", `${system.name}-kept`, "none", ORDER_EVENTS);
    await projections.open();
    await expect(projections.figure("Backlog")).toHaveText("0");
    const { applied } = await projections.standing();

    // Paused, it stays where it is for as long as one looks.
    await projections.button("Pause").click();
    await expect(projections.button("Resume")).toBeVisible();
    await projections.button("Rebuild").click();
    const question = page.getByRole("alertdialog");
    await expect(question).toContainText("The present read model is served until the new one has caught up.");
    await question.getByRole("button", { name: "Cancel" }).click();
    await expect(projections.progress).toHaveCount(0);

    await projections.button("Rebuild").click();
    await question.getByRole("button", { name: "Rebuild" }).click();
    await expect(projections.item.getByText("The rebuild is paused")).toBeVisible();
    await expect(projections.progress).toHaveAttribute("value", "0");
    await expect(projections.item.getByText(/^0 of about \d+ events$/)).toBeVisible();
    await expect(projections.button("Rebuild")).toBeDisabled();

    await projections.button("Resume").click();
    await expect(projections.progress).toHaveCount(0);
    await expect(projections.button("Rebuild")).toBeEnabled();
    const standing = await projections.standing();
    expect(standing.rebuild).toBeNull();
    expect(standing.applied).toBeGreaterThanOrEqual(applied);
    const answer = await page.request.get("/api/v1/orders?limit=100");
    expect(orderPageSchema.parse(await answer.json()).orders.map(({ id }) => id)).toContain(
      `${system.name}-kept`,
    );
  });

  test("the outbox says what has not reached the log", async ({ page }) => {
    const projections = new ProjectionScreen(page);
    await projections.open();
    await expect(projections.figure("Unsent", projections.outbox)).toHaveText("0");
    await expect(projections.figure("Refused by the log", projections.outbox)).toHaveText("0");
  });
});
