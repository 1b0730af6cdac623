import { openPage } from "../../fixtures/navigation.ts";
import { expect, sendOrder, test } from "../../fixtures/sequence-screen.ts";

test("Comparing an order that went well with one that was taken back names where they part", async ({
  page,
  system,
}) => {
  const [good, bad] = [system.flow("good"), system.flow("bad")];
  await sendOrder(system, good, { isInStock: true });
  await sendOrder(system, bad, { isInStock: false });
  await openPage(page, `/sagas/compare?left=${encodeURIComponent(good)}&right=${encodeURIComponent(bad)}`);

  const charged = system.type("payment.charged");
  const verdict = page.getByRole("status").filter({ hasText: "They part at" });
  await expect(verdict).toContainText(`They part at ${charged}: “Completed” in ${good}, “Failed” in ${bad}.`);
  const steps = page.getByRole("region", { name: "Steps side by side" }).getByRole("listitem");
  await expect(steps.filter({ hasText: "First difference" })).toContainText(charged);
  await expect(steps.filter({ hasText: "reservation.failed" })).toContainText(`${good}: Not taken`);

  const payloads = page.getByRole("region", { name: "Payloads that differ" });
  await expect(payloads.getByRole("row", { name: "/quantity" }).first()).toContainText("500");

  await page.getByRole("button", { name: "Swap the sides" }).click();
  await expect(verdict).toContainText(`They part at ${charged}: “Failed” in ${bad}, “Completed” in ${good}.`);
  await expect(page.getByRole("region", { name: "Left" }).getByRole("link", { name: bad })).toHaveAttribute(
    "href",
    `/flows/${encodeURIComponent(bad)}`,
  );
});
