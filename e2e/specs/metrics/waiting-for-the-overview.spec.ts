import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/test.ts";

test("an overview that gets no answer says how old it is, until one comes", async ({ page }) => {
  await openPage(page, "/");
  await expect(page.getByRole("status", { name: "The overview is being loaded" })).toHaveCount(0);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/overview/, async (route) => {
    await released;
    await route.continue();
  });
  const awaited = page.getByText("No answer yet. What you see is from");
  await expect(awaited).toBeVisible();
  release();
  await expect(awaited).toHaveCount(0);
});
