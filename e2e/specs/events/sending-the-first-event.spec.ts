import { openPage } from "../../fixtures/navigation.ts";
import { runInShell } from "../../fixtures/shell.ts";
import { expect, test } from "../../fixtures/test.ts";

test.describe("Sending the first event", () => {
  test("the command that an empty list offers sends one, and it appears by itself", async ({
    page,
    events,
    emptyServer,
  }) => {
    await openPage(page, `${emptyServer.url}/events`);
    await expect(page.getByText("No events yet")).toBeVisible();
    const command = await events.copy("Copy command");
    expect(command).toContain(`${emptyServer.url}/api/v1/events`);

    expect(await runInShell(command)).toMatchObject({ accepted: 1, rejected: [] });
    await events.openRow("com.example.hello");
    await expect(events.payload).toContainText('"message": "Hello, Nagare"');
  });
});
