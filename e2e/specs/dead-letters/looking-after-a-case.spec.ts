import { expect, test } from "#e2e/fixtures/dead-letters.ts";
import { reloadPage } from "#e2e/fixtures/navigation.ts";

test.describe("Looking after a case", () => {
  test("owner, ticket and note stay with it after a reload", async ({ page, consumer, deadLetters }) => {
    await consumer.subscribes();
    await consumer.failsAt({});
    await deadLetters.open(`?consumer=${consumer.name}`);
    await deadLetters.openCase(consumer.name);
    const dialog = page.getByRole("dialog");

    await page.getByRole("button", { name: "Change the owner" }).click();
    await dialog.getByLabel("Owner", { exact: true }).fill("Aiko");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Change the ticket" }).click();
    await dialog.getByLabel("Address").fill("https://tickets.example.com/SHOP-412");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("textbox", { name: "New note" }).fill("The ledger closes at midnight.");
    await page.getByRole("button", { name: "Add the note" }).click();
    await expect(page.getByRole("list", { name: "Notes" })).toContainText("The ledger closes at midnight.");

    await reloadPage(page);
    await expect(page.getByRole("list", { name: "Notes" })).toContainText("The ledger closes at midnight.");
    await expect(deadLetters.section("Case")).toContainText("Aiko");
    await expect(page.getByRole("link", { name: "SHOP-412" })).toHaveAttribute(
      "href",
      "https://tickets.example.com/SHOP-412",
    );
    await deadLetters.open(`?consumer=${consumer.name}&owner=Aiko`);
    await expect(deadLetters.caseRows).toHaveCount(1);
  });

  test("a muted case leaves the open ones, keeps counting, and can be opened by a link", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({});
    await deadLetters.open(`?consumer=${consumer.name}`);
    await expect(deadLetters.caseRows).toHaveCount(1);
    await page.keyboard.press("j");
    await page.keyboard.press("m");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "1 week" }).click();
    await dialog.getByRole("button", { name: "Mute", exact: true }).click();
    await expect(dialog).toHaveCount(0);
    // It stays where it is until the list is asked for anew.
    await expect(deadLetters.caseRows.first().getByText("Muted", { exact: true })).toBeVisible();

    await deadLetters.open(`?consumer=${consumer.name}`);
    await expect(page.getByText("No case matches")).toBeVisible();
    await page.getByRole("radio", { name: "Muted" }).click();
    await expect(deadLetters.caseRows).toHaveCount(1);
    await expect(page).toHaveURL(/status=muted/);
    await consumer.failsAt({});
    await reloadPage(page);
    await expect(deadLetters.caseRows.first().getByRole("gridcell").nth(1)).toHaveText("2");
    await deadLetters.openCase(consumer.name);
    await expect(deadLetters.standing("Muted")).toBeVisible();
    await page.getByRole("button", { name: "Unmute" }).click();
    await expect(deadLetters.standing("Open")).toBeVisible();
  });

  test("a resolved case opens again by itself when its cause returns", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({});
    await deadLetters.open(`?consumer=${consumer.name}`);
    await deadLetters.openCase(consumer.name);
    await page.getByRole("button", { name: "Resolve" }).click();
    await expect(deadLetters.standing("Resolved")).toBeVisible();
    await consumer.failsAt({});
    await expect(deadLetters.standing("Open")).toBeVisible({ timeout: 30_000 });
    await expect(deadLetters.standing("Returned once")).toBeVisible();
  });
});
