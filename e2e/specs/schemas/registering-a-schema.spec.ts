import { expect, test } from "#e2e/fixtures/schemas.ts";

test.describe("Registering a schema", () => {
  test("the shape that was seen becomes one, and is enforced", async ({ page, system, schemas }) => {
    await system.posts("a", { id: 1, email: "ada@example.com" });
    await system.posts("b", { id: 2, email: "alan@example.com", age: 41 });
    await schemas.open(system.type);
    await expect(page.getByText(/Seen in 2 payloads/)).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: "/age" })).toContainText("50%");

    await page.getByRole("button", { name: "Register this shape" }).click();
    await expect(schemas.sheet.getByRole("textbox", { name: "JSON Schema" })).toContainText(
      '"format": "email"',
    );
    await expect(schemas.sheet.getByRole("button", { name: "Register 1.0" })).toBeDisabled();
    const result = await schemas.check();
    await expect(result.getByText("It can be registered as the first version.")).toBeVisible();
    await expect(result.getByText("Of the last 2 events, none violates.")).toBeVisible();
    await schemas.sheet.getByRole("button", { name: "Register 1.0" }).click();
    await expect(schemas.sheet).toHaveCount(0);
    await expect(page.getByRole("list", { name: "Registered versions" }).getByText("1.0")).toBeVisible();

    const dialog = await schemas.choosePolicy("Enforce");
    await expect(dialog.getByText("Of the last 2 events, none would have been refused.")).toBeVisible();
    await dialog.getByRole("button", { name: "Enforce" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("radio", { name: "Enforce" })).toBeChecked();

    const refused = await system.posts("c", { id: 3 });
    expect(refused).toMatchObject({
      status: 400,
      problem: { code: "schema-violation", problems: [{ path: "/email", reason: "is required" }] },
    });
    expect((await system.posts("d", { id: 4, email: "grace@example.com" })).status).toBe(202);
  });

  test("a version that breaks its promise is named by its field, and not registered", async ({
    page,
    system,
    schemas,
  }) => {
    await system.registers("1.0", { schema: { type: "object", required: ["name"] } });
    await schemas.open(system.type, "versions");
    await page.getByRole("button", { name: "Register a version" }).click();
    await schemas.writeSchema({ type: "object", required: ["full_name"] });
    const result = await schemas.check();
    await expect(result.getByText("It breaks its promise in one place")).toBeVisible();
    await expect(result.getByRole("listitem")).toContainText("/full_name");
    await expect(schemas.sheet.getByRole("button", { name: "Register 2.0" })).toBeDisabled();
  });
});
