import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/test.ts";

test("events that no consumer takes are counted by type, and lead to the events", async ({
  page,
  emptyServer: { url },
}) => {
  const send = async (type: string, count: number) => {
    const events = Array.from({ length: count }, (_, index) => ({
      specversion: "1.0",
      id: `${type}-${index}`,
      source: "/shop",
      type,
    }));
    const answer = await page.request.post(`${url}/api/v1/events`, {
      headers: { "content-type": "application/cloudevents-batch+json" },
      data: JSON.stringify(events),
    });
    expect(answer.status()).toBe(202);
  };
  const target = { kind: "external" };
  const filters = [{ exact: { type: "order.placed" } }];
  await page.request.put(`${url}/api/v1/subscriptions/ledger`, { data: { target, filters } });
  await send("order.placed", 2);
  await send("order.lost", 3);

  await expect
    .poll(async () => (await page.request.get(`${url}/api/v1/channels`)).text())
    .toContain("order.lost");
  await openPage(page, `${url}/consumers`);
  const unrouted = page.getByRole("region", { name: "Events that nobody takes" });
  await expect(unrouted.getByRole("listitem")).toHaveText(["order.lost3"]);
  await unrouted.getByRole("link", { name: "order.lost" }).click();
  await expect(page).toHaveURL(/\/events\?type=order\.lost$/);
  await expect(page.getByRole("grid", { name: "Events" }).locator("tbody").getByRole("row")).toHaveCount(3);
});
