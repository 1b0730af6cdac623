import { openPage } from "#e2e/fixtures/navigation.ts";
import { expect, test } from "#e2e/fixtures/schemas.ts";

const object = (field: string) => ({
  type: "object",
  required: [field],
  properties: { [field]: { type: "string" } },
});

test.describe("Reading violations", () => {
  test("an event that violates is listed, and says so itself", async ({ page, system, schemas }) => {
    await system.registers("1.0", { schema: object("name") });
    await system.posts(`${system.type}-bad`, { name: 5 });
    const position = await system.positionOf(`${system.type}-bad`, { isViolation: true });
    await schemas.open(system.type, "violations");
    const row = page.getByRole("row").filter({ hasText: "/name" });
    await expect(row).toContainText("must be string");
    await row.click();
    await expect(page).toHaveURL(new RegExp(`/events/${position}`));
    const note = page.getByRole("complementary", { name: /violates the schema of its type, version 1\.0/ });
    await expect(note).toContainText("/name must be string");
    await note.getByRole("link", { name: `Schemas of ${system.type}` }).click();
    await expect(schemas.tab("Violations")).toHaveAttribute("aria-selected", "true");
  });

  test("an older event is shown in the newest version, and as it was stored", async ({ page, system }) => {
    await system.registers("1.0", { schema: object("name") });
    await system.registers("2.0", {
      schema: object("full_name"),
      compatibility: "none",
      upcasters: [{ from: "1.0", steps: [{ kind: "rename", from: "/name", to: "full_name" }] }],
    });
    await system.posts(`${system.type}-old`, { name: "Ada" }, { dataversion: "1.0" });
    const position = await system.positionOf(`${system.type}-old`);
    await openPage(page, `/events/${position}`);
    const payload = page.getByRole("region", { name: "Payload" });
    await expect(payload).toContainText('"name": "Ada"');
    await page.getByRole("radio", { name: "As 2.0" }).click();
    await expect(payload).toContainText('"full_name": "Ada"');
    await expect(page.getByText(/upcast from 1\.0 when read/)).toBeVisible();
    await page.getByRole("radio", { name: "As stored (1.0)" }).click();
    await expect(payload).toContainText('"name": "Ada"');
  });
});
