import { goBack, openPage, reloadPage } from "#e2e/fixtures/navigation.ts";
import { expect, test } from "#e2e/fixtures/replays.ts";

test.describe("Replaying dead letters", () => {
  test("a single letter is planned, started with a reason, and says that its consumer succeeded", async ({
    page,
    system,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    const [id = ""] = await consumer.failsAt({});
    consumer.mends();
    await replays.openPlan(`letters=${await system.positionOf(id)}*${consumer.name}`, 1);
    await expect(page.getByLabel("Try first")).toHaveValue("0");
    await expect(replays.start).toBeDisabled();
    await expect(page.getByText("Say why.")).toBeVisible();
    await replays.why.fill("The ledger is open again");
    await expect(replays.start).toBeEnabled();
    await replays.why.press("Enter");
    await expect(page.getByRole("alertdialog")).toHaveCount(0);
    expect(consumer.http.received).toHaveLength(1);

    const replay = await replays.run("The ledger is open again", 1);
    await replays.hasStatus("Finished");
    await expect(replays.outcome("Succeeded", 1)).toBeVisible();
    await expect(page.getByText("The item is handled.")).toBeVisible();
    await expect(page.getByRole("list", { name: "What was done" })).toContainText("The ledger is open again");
    expect(consumer.http.received).toEqual([id, id]);

    await openPage(page, "/dead-letters/replays");
    const row = page
      .getByRole("grid", { name: "Replays" })
      .getByRole("row")
      .filter({ hasText: consumer.name });
    await expect(row.getByRole("gridcell").first()).toHaveText(String(replay));
    await expect(row.getByText("Finished")).toBeVisible();
  });

  test("a case stops after its canary where too many fail the same way, and leads to the case", async ({
    page,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt(...Array.from({ length: 12 }, () => ({})));
    const { id } = await consumer.failureCase();
    await replays.openPlan(`case=${id}`, 12);
    await expect(page.getByLabel("Try first")).toHaveValue("10");
    await page.getByLabel("Try first").fill("3");
    await expect(page).toHaveURL(/canary=3/);
    await replays.run("Trying whether it is mended", 12);
    await replays.hasStatus("Stopped");
    await expect(replays.progress.getByText(/^Stopped: \d of \d failed the same way\.$/)).toBeVisible();
    await expect(replays.progress.getByRole("link", { name: `Open failure case ${id}` })).toHaveAttribute(
      "href",
      `/dead-letters/cases/${id}`,
    );
    // The canary is all that went out; the others are parked as before.
    await expect(replays.progress.getByText("3 of 12 ended")).toBeVisible();
    expect(consumer.http.received).toHaveLength(15);
    await replays.outcome("Failed the same way", 3).click();
    await expect(replays.items.locator("tbody").getByRole("row")).toHaveCount(3);
    await expect(page).toHaveURL(/items=failed-same/);
    await page.getByRole("link", { name: "Replay the 3 that failed" }).click();
    await replays.isPlanned(3);
  });

  test("an edited payload reaches the consumer to the digit, and the original stays", async ({
    page,
    system,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    const [id = ""] = await consumer.failsAt({ data: '{"order":12345678901234567890,"total":10.50}' });
    consumer.mends();
    const position = await system.positionOf(id);
    await replays.openPlan(`letters=${position}*${consumer.name}&edit=payload`, 1);
    await expect(page.getByText("Nothing is changed yet.")).toBeVisible();
    await expect(replays.start).toBeDisabled();
    await replays.write("Edited payload", '{"order":12345678901234567891,');
    await expect(page.getByText("This is not valid JSON.")).toBeVisible();
    await replays.write("Edited payload", '{"order":12345678901234567891,"total":10.50}');
    const diff = page.getByRole("region", { name: `What the edit changes in ${position}` });
    await expect(diff.getByText('"order": 12345678901234567890,')).toBeVisible();
    await expect(diff.getByText('"order": 12345678901234567891,')).toBeVisible();

    await replays.run("The order's number was mistyped", 1);
    await replays.hasStatus("Finished");
    await expect(replays.items.getByText("edited", { exact: true })).toBeVisible();
    expect(consumer.http.bodies.at(-1)).toBe('{"order":12345678901234567891,"total":10.50}');
    await openPage(page, `/events/${position}`);
    await expect(page.getByRole("textbox", { name: "Payload" })).toContainText("12345678901234567890");
  });

  test("a patch shows what it makes of samples, and where it can't be applied", async ({
    page,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({ data: '{"currency":null,"total":1.10}' }, { data: '"no object"' });
    consumer.mends();
    const { id } = await consumer.failureCase();
    await replays.openPlan(`case=${id}`, 2);
    await page.getByRole("radio", { name: "JSON Patch" }).click();
    await replays.write("JSON Patch", '[{"op":"replace","path":"/currency","value":"EUR"}]');
    await expect(replays.plan.getByText(/the edit can’t be applied to 1 of them/)).toBeVisible();
    await replays.isPlanned(1);
    await expect(page.getByText("can’t be edited")).toBeVisible();
    await expect(page.getByText('"currency": "EUR",')).toBeVisible();
    await replays.run("The currency was left out", 1);
    await replays.hasStatus("Finished");
    expect(consumer.http.bodies.at(-1)).toBe('{"currency":"EUR","total":1.10}');
  });

  test("a replay is planned for later, started, paused, and cancelled after a question; what was not tried stays parked", async ({
    page,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({}, {}, {});
    consumer.mends();
    const { id } = await consumer.failureCase();
    // One goes at once, the next one in a thousand seconds.
    await replays.openPlan(`case=${id}&canary=0&rate=0.001`, 3);
    await replays.keep("One after the other");
    await replays.hasStatus("Planned");
    expect(consumer.http.received).toHaveLength(3);
    await page.keyboard.press("s");
    await page.getByRole("alertdialog").getByRole("button", { name: "Start replay" }).click();
    await expect(replays.outcome("Succeeded", 1)).toBeVisible();
    await page.keyboard.press("p");
    await replays.hasStatus("Paused");
    await page.keyboard.press("c");
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel replay" }).click();
    await replays.hasStatus("Cancelled");
    await expect(page.getByText("2 were not tried, and are parked as before.")).toBeVisible();
    await page.getByRole("link", { name: "Plan what is left" }).click();
    await replays.isPlanned(2);
    expect(consumer.http.received).toHaveLength(4);
  });

  test("what dies while a plan is read is left out, until somebody includes it", async ({
    page,
    consumer,
    replays,
  }) => {
    await consumer.subscribes();
    const planned = await consumer.failsAt({}, {});
    const { id } = await consumer.failureCase();
    await replays.openPlan(`case=${id}`, 2);
    await expect(page).toHaveURL(/upTo=\d+/);
    const newer = await consumer.failsAt({});
    await page.getByRole("button", { name: "Plan again" }).click();
    await expect(replays.plan.getByText(/^1 newer one is left out: cut off at number \d+\.$/)).toBeVisible();
    await reloadPage(page);
    await replays.isPlanned(2);

    consumer.mends();
    await replays.run("The ledger is open again", 2);
    await replays.hasStatus("Finished");
    await expect(replays.outcome("Succeeded", 2)).toBeVisible();
    expect(consumer.http.received.slice(3).toSorted()).toEqual(planned.toSorted());

    await goBack(page);
    await expect(replays.plan.getByText("Nothing would be delivered")).toBeVisible();
    await page.getByRole("button", { name: "Include the newer ones" }).click();
    await replays.isPlanned(1);
    await replays.run("The newer one too", 1);
    await replays.hasStatus("Finished");
    expect(consumer.http.received.slice(5)).toEqual(newer);
  });

  test("a link to a plan opens it as it was, with its edit", async ({ page, consumer, replays }) => {
    await consumer.subscribes();
    await consumer.failsAt({ data: '{"total":1}' }, { data: '{"total":2}' });
    const { id } = await consumer.failureCase();
    const patch = '{"total":12345678901234567890}';
    await replays.openPlan(
      `case=${id}&retries=none&rate=2.5&stop=&edit=merge-patch#edit=${encodeURIComponent(patch)}`,
      2,
    );
    await expect(page.getByLabel("Attempts")).toHaveText("One attempt each");
    await expect(page.getByLabel("Items a second")).toHaveValue("2.5");
    await expect(page.getByLabel("Stop at (%)")).toHaveValue("");
    await expect(page.getByRole("textbox", { name: "Merge patch" })).toContainText(patch);
    await expect(page.getByText('"total": 12345678901234567890').first()).toBeVisible();

    // What is changed stands in the address, beside the edit.
    await page.getByLabel("At once").fill("5");
    await replays.write("Merge patch", '{"total":3}');
    await expect(page.getByText('"total": 3').first()).toBeVisible();
    await expect(page).toHaveURL(/rate=2\.5.*concurrency=5.*#edit=%7B%22total%22%3A3%7D$/);
    expect(consumer.http.received).toHaveLength(2);
  });
});
