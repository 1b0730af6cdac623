import { openPage } from "../../fixtures/navigation.ts";
import { runInShell } from "../../fixtures/shell.ts";
import { expect, test } from "../../fixtures/test.ts";

test.describe("Beginning with nothing", () => {
  test("the topology and the sagas say how to get events, and the command that the list offers sends one", async ({
    page,
    events,
    serverApart,
  }) => {
    await openPage(page, `${serverApart}/topology`);
    await expect(page.getByRole("heading", { name: "Nothing has run yet" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Start a sample system" })).toBeVisible();

    await openPage(page, `${serverApart}/sagas`);
    await expect(page.getByRole("heading", { name: "No saga was recognised yet" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Try it with a sample system" })).toBeVisible();

    await openPage(page, `${serverApart}/events`);
    await expect(page.getByText("No events yet")).toBeVisible();
    const command = await events.copy("Copy command");
    expect(command).toContain(`${serverApart}/api/v1/events`);

    expect(await runInShell(command)).toMatchObject({ accepted: 1, rejected: [] });
    await events.openRow("com.example.hello");
    await expect(events.payload).toContainText('"message": "Hello, Nagare"');
  });

  test("events that no consumer takes are counted by type, and lead to the events", async ({
    page,
    serverApart,
  }) => {
    const send = async (type: string, count: number) => {
      const events = Array.from({ length: count }, (_, index) => ({
        specversion: "1.0",
        id: `${type}-${index}`,
        source: "/post-office",
        type,
      }));
      const answer = await page.request.post(`${serverApart}/api/v1/events`, {
        headers: { "content-type": "application/cloudevents-batch+json" },
        data: JSON.stringify(events),
      });
      expect(answer.status()).toBe(202);
    };
    const ledger = `${serverApart}/api/v1/subscriptions/ledger`;
    const filters = [{ exact: { type: "parcel.sent" } }];
    await page.request.put(ledger, { data: { target: { kind: "external" }, filters } });
    await send("parcel.sent", 2);
    await send("parcel.lost", 3);

    await expect
      .poll(async () => (await page.request.get(`${serverApart}/api/v1/channels`)).text())
      .toContain("parcel.lost");
    await openPage(page, `${serverApart}/consumers`);
    const unrouted = page.getByRole("region", { name: "Events that nobody takes" });
    await expect(unrouted.getByRole("listitem").filter({ hasText: "parcel" })).toHaveText(["parcel.lost3"]);
    await unrouted.getByRole("link", { name: "parcel.lost" }).click();
    await expect(page).toHaveURL(/\/events\?type=parcel\.lost$/);
    await expect(page.getByRole("grid", { name: "Events" }).locator("tbody").getByRole("row")).toHaveCount(3);
    await page.request.delete(ledger);
  });
});
