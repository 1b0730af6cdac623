/** A command that sends an event. The shell gives it an id of its own, so that running it again sends another one. */
export function firstEventCommand(origin: string): string {
  return [
    `curl -sS ${origin}/api/v1/events \\`,
    "  -H 'Content-Type: application/cloudevents+json' \\",
    `  -d '{"specversion":"1.0","id":"hello-'$(date +%s)'",`,
    `       "type":"com.example.hello","source":"/getting-started",`,
    `       "data":{"message":"Hello, Nagare"}}'`,
  ].join("\n");
}
