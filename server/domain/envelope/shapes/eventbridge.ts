import type { ForeignShape } from "./foreign-shape.ts";
import { Mapping } from "./mapping.ts";

/**
 * An event as Amazon EventBridge delivers it to its targets.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export const eventBridge: ForeignShape = {
  shape: "eventbridge",
  description: "EventBridge (id, source, detail-type, detail)",

  matches: (values) => Object.hasOwn(values, "detail-type"),

  read(object, values) {
    const mapping = new Mapping("eventbridge", object, values);
    mapping.takeText("id", "id");
    mapping.takeText("source", "source");
    mapping.takeText("type", "detail-type");
    mapping.takeTime("time");
    mapping.takeData("detail");
    return mapping.finish({ id: "id", source: "source", type: "detail-type" });
  },

  examples: [
    {
      title: "a state change of an instance",
      text: `{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"EC2 Instance State-change Notification",
        "source":"aws.ec2","account":"111122223333","time":"2017-12-22T18:43:48Z","region":"us-west-1",
        "resources":["arn:aws:ec2:us-west-1:111122223333:instance/i-1234567890abcdef0"],
        "detail":{"instance-id":"i-1234567890abcdef0","state":"terminated"}}`,
      event: {
        id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        source: "aws.ec2",
        type: "EC2 Instance State-change Notification",
        time: "2017-12-22T18:43:48Z",
        dataContentType: "application/json",
        data: { encoding: "json", text: '{"instance-id":"i-1234567890abcdef0","state":"terminated"}' },
        extensions: {
          unmapped:
            '{"version":"0","account":"111122223333","region":"us-west-1","resources":["arn:aws:ec2:us-west-1:111122223333:instance/i-1234567890abcdef0"]}',
        },
      },
    },
  ],
};
