import { expect, test } from "#e2e/fixtures/consumers.ts";
import { openPage } from "#e2e/fixtures/navigation.ts";

test.describe("Following deliveries", () => {
  test("an event shows that its consumer has handled it", async ({ page, system }) => {
    await system.subscribes();
    const [id = ""] = await system.emits();
    await system.hasReceived(1);
    await openPage(page, `/events/${await system.positionOf(id)}?tab=deliveries`);
    const delivery = page.getByRole("list", { name: "Deliveries of this event" });
    await expect(delivery.getByRole("link", { name: system.name })).toBeVisible();
    await expect(delivery.getByText("Succeeded").first()).toBeVisible();
  });

  test("a consumer that fails is tried again, and its dead letter shows why", async ({ page, system }) => {
    system.http.answer = { status: 500, body: "The ledger is closed." };
    await system.subscribes({ retry: { retries: 2, baseMs: 50, factor: 2, capMs: 1000, jitter: "none" } });
    const [id = ""] = await system.emits();
    await system.hasReceived(3);
    await openPage(page, `/events/${await system.positionOf(id)}?tab=deliveries`);
    await expect(page.getByText("Dead letter", { exact: true })).toBeVisible();
    await expect(page.getByText("3 attempts")).toBeVisible();
    const attempts = page.getByRole("list", { name: "Attempts" }).getByRole("listitem");
    await expect(attempts).toHaveCount(3);
    await attempts.last().getByText("Failed").click();
    await expect(attempts.last().getByText("The ledger is closed.")).toBeVisible();
  });
});
