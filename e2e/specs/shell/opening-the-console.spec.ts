import { expect, test } from "@playwright/test";
import { openPage } from "../../fixtures/navigation.ts";

test.describe("Opening the console", () => {
  test("the navigation is there, and the browser's console has no complaint", async ({ page }) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));

    await openPage(page, "/");
    await expect(page.getByRole("navigation", { name: "Main navigation" })).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test("the palette prefers a page to an id that begins alike", async ({ page }) => {
    await openPage(page, "/live");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("stre");
    await expect(page.getByRole("option", { name: "Streams with stre in their id" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/streams$/);
  });

  test("a page carries what it shows, and what all pages share is kept by the browser", async ({ page }) => {
    const html = await (await page.request.get("/live")).text();
    // A text of another page.
    expect(html).not.toContain("Nothing was replayed yet");
    const [script = ""] = /\/_next\/static\/chunks\/[^"]+\.js/.exec(html) ?? [];
    const file = await page.request.get(script, { headers: { "accept-encoding": "br" } });
    expect(file.headers()).toMatchObject({
      "cache-control": "public,max-age=31536000,immutable",
      "content-encoding": "br",
    });
  });
});
