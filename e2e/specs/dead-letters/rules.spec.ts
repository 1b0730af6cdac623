import { expect, test } from "#e2e/fixtures/consumers.ts";
import { openPage } from "#e2e/fixtures/navigation.ts";

test.describe("Rules for dead letters", () => {
  test("a rule is tried on last week, switched on, and discards what dies from then on", async ({
    page,
    system,
  }) => {
    system.http.answer = { status: 422, body: "The account is closed." };
    await system.subscribes();
    const [before = ""] = await system.emits();
    const statusOf = async (id: string) => {
      const answer = await page.request.get(
        `/api/v1/dead-letters/${await system.positionOf(id)}/${system.name}`,
      );
      return answer.ok() ? (await answer.json()).status : answer.status();
    };
    await expect.poll(() => statusOf(before)).toBe("parked");

    await openPage(page, "/dead-letters/rules");
    await page.getByRole("button", { name: "New rule" }).click();
    const sheet = page.getByRole("dialog");
    await expect(sheet.getByRole("button", { name: "Save and switch on" })).toBeDisabled();
    await sheet.getByLabel("Name", { exact: true }).fill(`Closed accounts of ${system.name}`);
    await sheet.getByLabel("Consumer", { exact: true }).fill(system.name);
    await sheet.getByLabel("Age from (minutes)").fill("0");
    await sheet.getByRole("combobox", { name: "Do" }).click();
    await page.getByRole("option", { name: "Discard it" }).click();
    await sheet.getByRole("button", { name: "Try on last week" }).click();
    await expect(sheet.getByText("Fill this in.")).toBeVisible();
    await sheet.getByLabel("Reason").fill("Nothing can be booked there.");
    await sheet.getByRole("button", { name: "Try on last week" }).click();
    await expect(sheet.getByText(/^It would have taken 1 of the/)).toBeVisible();
    await sheet.getByRole("button", { name: "Save and switch on" }).click();
    await expect(sheet).toHaveCount(0);

    const rule = page.getByRole("listitem", { name: `Closed accounts of ${system.name}` });
    await expect(rule.getByText("No letter taken so far")).toBeVisible();
    const [after = ""] = await system.emits();
    await expect.poll(() => statusOf(after), { timeout: 45_000 }).toBe("discarded");
    expect(await statusOf(before)).toBe("parked");
    await expect(rule.getByText("1 letter taken")).toBeVisible();

    await rule.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect(rule).toHaveCount(0);
  });

  test("a rule that would take everything is refused with the reason", async ({ page }) => {
    await openPage(page, "/dead-letters/rules?new=1&consumer=*");
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("Name", { exact: true }).fill("Everything");
    await sheet.getByRole("button", { name: "Try on last week" }).click();
    await expect(sheet.getByRole("alert")).toContainText("Narrow one of them");
  });
});
