import { randomUUID } from "node:crypto";
import { ProjectionScreen } from "../../fixtures/projections.ts";
import { expect, test } from "../../fixtures/test.ts";

test("a projection that stands still says why, and leads to the event", async ({ page, serverApart }) => {
  const projections = new ProjectionScreen(page, serverApart);
  const event = (version: number, type: string, data: unknown) => ({
    specversion: "1.0",
    id: randomUUID(),
    source: "/elsewhere",
    type,
    aggregatetype: "order",
    aggregateid: "order-1",
    aggregateversion: version,
    data,
  });
  const answer = await page.request.post(`${serverApart}/api/v1/events`, {
    headers: { "content-type": "application/cloudevents-batch+json" },
    data: JSON.stringify([
      event(1, "order.drafted", { customerId: "c-1", currency: "EUR" }),
      event(2, "order.line-added", "two teas"),
    ]),
  });
  expect(answer.status()).toBe(202);

  await projections.open();
  await expect(projections.item.getByText("Stands still", { exact: true })).toBeVisible();
  await expect(projections.item.getByRole("status")).toContainText(/1 try failed|\d+ tries failed/);
  await projections.item.getByRole("link", { name: "Open the event" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("order.line-added");
});
