import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/test.ts";

test("a chart of a range that moves says how old it is while it gets no answer", async ({ page }) => {
  await openPage(page, "/metrics?group=events&range=5m");
  const chart = page.getByRole("region", { name: "Events in, Per second by source" });
  await expect(chart.getByRole("img").locator("canvas")).toBeVisible();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/metrics\/query/, async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  const awaited = chart.getByText("No answer yet. What you see is from");
  await expect(awaited).toBeVisible({ timeout: 30_000 });
  await expect(chart.getByRole("img").locator("canvas")).toBeVisible();
  release();
  await expect(awaited).toHaveCount(0, { timeout: 30_000 });
});
