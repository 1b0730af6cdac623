import { expect, test } from "@playwright/test";

test.describe("Opening the console", () => {
  test("the navigation is there, and the browser's console has no complaint", async ({ page }) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));

    await page.goto("/");
    await expect(page.getByRole("navigation", { name: "Main navigation" })).toBeVisible();
    expect(complaints).toEqual([]);
  });
});
